//! An issuer, scenario by scenario.
