//! What is counted of each call: never anything about a patient.

use std::time::Duration;

use http::StatusCode;

/// Counts a call and how long it took.
pub(crate) fn call(
    service: &'static str,
    interaction: &'static str,
    status: StatusCode,
    took: Duration,
) {
    let status = status.as_u16();
    metrics::counter!(
        "vertebra_calls_total",
        "service" => service, "interaction" => interaction, "status" => class(status),
    )
    .increment(1);
    metrics::histogram!(
        "vertebra_call_seconds", "service" => service, "interaction" => interaction,
    )
    .record(took.as_secs_f64());
    let micros = took.as_micros() as u64;
    if status >= 500 {
        tracing::warn!(service, interaction, status, micros, "call failed");
    } else {
        tracing::debug!(service, interaction, status, micros, "call");
    }
}

fn class(status: u16) -> &'static str {
    match status {
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    }
}
