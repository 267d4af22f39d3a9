//! Floor 1: HL7 version 2 and what carries it, as languages: ER7 (the pipes and hats), the header
//! by name, acknowledgements, and the blocks of MLLP.
//!
//! Pure: no input or output, no clock, nothing async. Tolerant of what others send, strict in
//! what it writes.

pub mod acknowledgement;
mod header;
mod message;
pub mod mllp;
mod problem;
mod separators;
mod text;
pub mod write;

pub use header::{Header, When};
pub use message::{Field, Message, Segment};
pub use problem::{Condition, Problem};
pub use separators::Separators;
