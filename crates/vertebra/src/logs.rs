//! Logs and traces: JSON lines on standard error, spans to a collector. No patient data in either.

use opentelemetry::trace::TracerProvider;
use opentelemetry_http::hyper::HyperClient;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::runtime::Tokio;
use opentelemetry_sdk::trace::SdkTracerProvider;
use opentelemetry_sdk::trace::span_processor_with_async_runtime::BatchSpanProcessor;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

/// What has to be told when the house stops, so that the last spans get out.
pub(crate) struct Logs {
    traces: Option<SdkTracerProvider>,
}

impl Logs {
    /// Starts logging what the filter lets through, and sending traces where they shall go.
    /// Call it on the threads that everything runs on.
    ///
    /// # Errors
    /// When the filter or the address cannot be understood.
    pub(crate) fn start(filter: &str, traces: Option<&str>) -> Result<Self, String> {
        let filter = EnvFilter::try_new(filter).map_err(|error| format!("log: {error}"))?;
        let lines = tracing_subscriber::fmt::layer().json().with_writer(std::io::stderr);
        let traces = traces.map(collector).transpose()?;
        let spans = traces.as_ref().map(|provider| {
            let tracer = provider.tracer("vertebra");
            // The spans of calls, whatever the lines may show.
            let calls = Targets::new().with_target("transport", LevelFilter::DEBUG);
            tracing_opentelemetry::layer().with_tracer(tracer).with_filter(calls)
        });
        tracing_subscriber::registry()
            .with(spans)
            .with(lines.with_filter(filter))
            .try_init()
            .map_err(|error| format!("cannot start the log: {error}"))?;
        Ok(Self { traces })
    }

    /// Sends what has not been sent.
    pub(crate) fn stop(&self) {
        if let Some(provider) = &self.traces
            && let Err(error) = provider.shutdown()
        {
            tracing::warn!(%error, "the last traces could not be sent");
        }
    }
}

fn collector(address: &str) -> Result<SdkTracerProvider, String> {
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(HyperClient::with_default_connector(
            std::time::Duration::from_secs(10),
            None,
        ))
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(format!("{}/v1/traces", address.trim_end_matches('/')))
        .build()
        .map_err(|error| format!("traces: {error}"))?;
    Ok(SdkTracerProvider::builder()
        .with_span_processor(BatchSpanProcessor::builder(exporter, Tokio).build())
        .with_resource(Resource::builder().with_service_name("vertebra").build())
        .build())
}
