//! Floor 1: HL7 V3 and what carries it, as languages: XML within limits, SOAP, WS-Addressing,
//! the transmission and control-act wrappers.
//!
//! Pure: no input or output, no clock, nothing async. Tolerant of what others send, strict in
//! what it writes.

pub mod addressing;
pub mod common_content;
pub mod ebxml;
pub mod multipart;
pub mod soap;
pub mod wrapper;
pub mod xml;
