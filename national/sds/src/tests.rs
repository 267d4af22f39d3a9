//! What callers see: scenario tables over the whole API. Whatever is answered is held against the
//! published specification.

mod many;
mod refusals;
mod searches;
mod trial;
