//! Sessions: proving again who one is, changing keys, limits, ends; the own profile; known browsers.

mod confirming;
