//! nhs
