//! The operator's area: the distributor that runs the deployment looks after its accounts, jobs, mail and storage.
//!
//! Which account that is says a setting that only the command line changes. For everybody else there is nothing here. The
//! area shows how things are, never what is in them: no words of mails, no arguments of jobs, no object of another company.
//!
//! | object | states | verbs | who |
//! |---|---|---|---|
//! | account | invited, active, inactive | deactivate, activate | manage in DevOps |
//! | job | ready, running, done, dead, cancelled | run again, cancel | act in DevOps |
//! | mail | waiting, sent, failed | send again | act in DevOps |

pub mod actions;
pub mod pages;
pub mod store;
