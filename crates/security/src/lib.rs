//! Who is calling, and what may they do? Every security check ends in one value: [`Caller`].

pub mod caller;
pub mod gate;
pub mod tokens;

pub use caller::{Caller, Mode, Role};
pub use gate::{Gate, Refusal};
pub use tokens::Tokens;
