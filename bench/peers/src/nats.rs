//! NATS JetStream: a file stream, publish acknowledgements, a pull consumer.

use std::time::Instant;

use async_nats::jetstream::{self, consumer, stream};
use futures::StreamExt;
use tokio::task::JoinHandle;

use crate::{Outcome, Plan, Shared};

/// Starts the senders and the consumer.
pub async fn start(plan: &Plan, shared: &Shared) -> Outcome<Vec<JoinHandle<Outcome<Vec<u32>>>>> {
    let context = jetstream::new(async_nats::connect(&plan.url).await?);
    let _ = context.delete_stream("bench").await;
    let stream = context
        .create_stream(stream::Config {
            name: "bench".to_owned(),
            subjects: vec!["bench".to_owned()],
            storage: stream::StorageType::File,
            retention: stream::RetentionPolicy::WorkQueue,
            ..stream::Config::default()
        })
        .await?;
    let consumer = stream
        .create_consumer(consumer::pull::Config {
            durable_name: Some("bench".to_owned()),
            max_ack_pending: 1_000,
            ..consumer::pull::Config::default()
        })
        .await?;
    let mut messages = consumer.messages().await?;
    let seen = shared.clone();
    tokio::spawn(async move {
        while let Some(Ok(message)) = messages.next().await {
            if message.ack().await.is_ok() {
                seen.consumed();
            }
        }
    });
    let senders = (0..plan.in_flight).map(|_| {
        let (context, shared) = (context.clone(), shared.clone());
        let body = vec![b'x'; plan.bytes];
        tokio::spawn(async move {
            let mut took_us = Vec::new();
            while !shared.stopped() {
                let began = Instant::now();
                context.publish("bench", body.clone().into()).await?.await?;
                took_us.push(began.elapsed().as_micros() as u32);
                shared.confirmed();
            }
            Ok(took_us)
        })
    });
    Ok(senders.collect())
}
