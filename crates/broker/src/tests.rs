//! What tests of the engine share.

pub(crate) mod trial;
