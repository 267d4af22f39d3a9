//! RabbitMQ: a quorum queue, publisher confirms, manual acknowledgements.

use std::time::Instant;

use futures::StreamExt;
use lapin::options::{
    BasicAckOptions, BasicConsumeOptions, BasicPublishOptions, BasicQosOptions,
    ConfirmSelectOptions, QueueDeclareOptions,
};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{BasicProperties, Connection, ConnectionProperties};
use tokio::task::JoinHandle;

use crate::{Outcome, Plan, Shared};

const QUEUE: &str = "bench";
/// How many channels the senders share.
const CHANNELS: usize = 8;

/// Starts the senders and the consumer.
pub async fn start(plan: &Plan, shared: &Shared) -> Outcome<Vec<JoinHandle<Outcome<Vec<u32>>>>> {
    let connection = Connection::connect(&plan.url, ConnectionProperties::default()).await?;
    let channel = connection.create_channel().await?;
    let mut arguments = FieldTable::default();
    arguments.insert("x-queue-type".into(), AMQPValue::LongString("quorum".into()));
    let durable = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
    channel.queue_declare(QUEUE.into(), durable, arguments).await?;
    consume(&connection, shared.clone()).await?;
    let mut channels = Vec::new();
    for _ in 0..CHANNELS.min(plan.in_flight) {
        let channel = connection.create_channel().await?;
        channel.confirm_select(ConfirmSelectOptions::default()).await?;
        channels.push(channel);
    }
    let senders = (0..plan.in_flight).map(|number| {
        let (channel, shared) = (channels[number % channels.len()].clone(), shared.clone());
        let body = vec![b'x'; plan.bytes];
        tokio::spawn(async move {
            let mut took_us = Vec::new();
            while !shared.stopped() {
                let began = Instant::now();
                let kept = BasicProperties::default().with_delivery_mode(2);
                let options = BasicPublishOptions::default();
                let confirm =
                    channel.basic_publish("".into(), QUEUE.into(), options, &body, kept).await?;
                if !confirm.await?.is_ack() {
                    return Err("a message was not confirmed".into());
                }
                took_us.push(began.elapsed().as_micros() as u32);
                shared.confirmed();
            }
            Ok(took_us)
        })
    });
    let senders = senders.collect();
    // The connection lives as long as the program.
    std::mem::forget(connection);
    Ok(senders)
}

async fn consume(connection: &Connection, shared: Shared) -> Outcome<()> {
    let channel = connection.create_channel().await?;
    channel.basic_qos(1_000, BasicQosOptions::default()).await?;
    let options = BasicConsumeOptions::default();
    let mut consumer = channel
        .basic_consume(QUEUE.into(), "bench".into(), options, FieldTable::default())
        .await?;
    tokio::spawn(async move {
        while let Some(Ok(delivery)) = consumer.next().await {
            if delivery.ack(BasicAckOptions::default()).await.is_ok() {
                shared.consumed();
            }
        }
    });
    Ok(())
}
