//! Logs: JSON lines on standard error, without patient data.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts logging what the filter lets through.
///
/// # Errors
/// When the filter cannot be understood.
pub(crate) fn start(filter: &str) -> Result<(), String> {
    let filter = EnvFilter::try_new(filter).map_err(|error| format!("log: {error}"))?;
    let lines = tracing_subscriber::fmt::layer().json().with_writer(std::io::stderr);
    // A second start, in tests, keeps the first.
    let _ = tracing_subscriber::registry().with(filter).with(lines).try_init();
    Ok(())
}
