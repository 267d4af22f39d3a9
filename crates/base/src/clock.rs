//! The one home of time. Everything else is handed a [`Clock`].

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// Where the time comes from: the system, or a hand that a test moves.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The system's clock.
    System,
    /// A clock that stands still until it is moved; milliseconds since 1970.
    Stopped(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at an instant until [`Clock::advance_ms`] moves it.
    pub fn stopped(at: Timestamp) -> Self {
        Self::Stopped(Arc::new(AtomicI64::new(at.as_millisecond())))
    }

    /// The instant now.
    #[expect(clippy::disallowed_methods, reason = "this is the one home of time")]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Timestamp::now(),
            Self::Stopped(at) => {
                Timestamp::from_millisecond(at.load(Ordering::SeqCst)).unwrap_or(Timestamp::MAX)
            }
        }
    }

    /// The date now, in UTC.
    pub fn today(&self) -> Date {
        self.now().to_zoned(TimeZone::UTC).date()
    }

    /// Moves a stopped clock on by milliseconds. The system's clock takes no orders.
    pub fn advance_ms(&self, ms: i64) {
        if let Self::Stopped(at) = self {
            at.fetch_add(ms, Ordering::SeqCst);
        }
    }

    /// An instant this many seconds from now, or the last one there is.
    pub fn in_s(&self, seconds: i64) -> Timestamp {
        self.now().checked_add(seconds.seconds()).unwrap_or(Timestamp::MAX)
    }
}
