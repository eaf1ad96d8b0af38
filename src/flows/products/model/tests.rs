//! Tests of the rules of products.
