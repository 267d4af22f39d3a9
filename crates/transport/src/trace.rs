//! The span of a call, joined to the trace that the caller is in.
//!
//! Clause: <https://www.w3.org/TR/trace-context/>.

use http::HeaderMap;
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// A span for a call to an API. It costs next to nothing while nobody listens.
pub(crate) fn span(service: &'static str, headers: &HeaderMap) -> Span {
    let span = tracing::debug_span!(
        "call",
        service,
        interaction = tracing::field::Empty,
        status = tracing::field::Empty,
    );
    if !span.is_disabled()
        && let Some(caller) = headers.get("traceparent").and_then(|value| value.to_str().ok())
        && let Some(context) = parse(caller)
    {
        // It fails only where no traces are kept.
        let _ = span.set_parent(opentelemetry::Context::new().with_remote_span_context(context));
    }
    span
}

/// Notes on a span how the call ended.
pub(crate) fn end(span: &Span, interaction: &'static str, status: http::StatusCode) {
    span.record("interaction", interaction);
    span.record("status", status.as_u16());
}

/// The span that a `traceparent` header names; nothing when the header is malformed.
fn parse(header: &str) -> Option<SpanContext> {
    let mut parts = header.split('-');
    let (version, trace, span, flags) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    if version.len() != 2 || version == "ff" || trace.len() != 32 || span.len() != 16 {
        return None;
    }
    let flags = TraceFlags::new(u8::from_str_radix(flags, 16).ok()?);
    let (trace, span) = (TraceId::from_hex(trace).ok()?, SpanId::from_hex(span).ok()?);
    let context = SpanContext::new(trace, span, flags, true, TraceState::NONE);
    context.is_valid().then_some(context)
}

#[cfg(test)]
mod tests;
