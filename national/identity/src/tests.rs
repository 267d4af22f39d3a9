//! The token service, scenario by scenario.

mod desk;
mod failures;
mod issuers;
mod negative;
mod people;
mod refused;
mod scenarios;
mod trial;
