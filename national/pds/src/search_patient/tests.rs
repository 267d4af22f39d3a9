//! Searches against a store with a handful of patients.

mod answers;
mod mode;
mod nation;
mod scenarios;
mod timing;
