//! The token endpoint, scenario by scenario.

mod scenarios;
mod trial;
