//! The system of an ambulance trust: paramedics hand patients over to emergency departments.
//!
//! It speaks nothing but the public wire. What it can be told to do:
//!
//! | act | does |
//! |---|---|
//! | `trace` | asks the demographics service who somebody is |
//! | `hand-over` | refers a patient to an emergency department |
//! | `update` | tells it what changed on the way |
//! | `cancel` | tells it that nobody comes, once it has seen how the referral stands there |

mod amend;
mod hand_over;
mod handover;
mod report;
mod system;
mod take;
mod trace;

pub use handover::Handover;
pub use system::open;
