//! An issuer, scenario by scenario.

mod scenarios;
mod trial;
