//! The system of a hospital: its emergency department takes referrals, and says what became of
//! them.
//!
//! It speaks nothing but the public wire. What it can be told to do:
//!
//! | act | does |
//! |---|---|
//! | `feedback` | tells whoever referred a patient what became of the referral |
//! | `away` | does not answer for some seconds, as a program that does not run |
//! | `slow` | takes so many seconds over the next referral |

mod feedback;
mod judge;
mod referral;
mod system;
mod take;

pub use referral::Referral;
pub use system::open;
