//! The words that every national API shares: identifiers and code systems. No behaviour.

pub mod directory;
pub mod interaction;
pub mod nhs_number;
pub mod ods_code;
pub mod signal;
pub mod url;

pub use nhs_number::NhsNumber;
pub use ods_code::OdsCode;
pub use signal::Signal;
