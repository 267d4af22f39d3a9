//! A message that comes in: read, checked, on disk, and answered as its pattern asks.

use base::Fault;
use base::limit::EBXML_MEDIA_TYPE_BYTES_MAX;
use broker::{Body, Envelope, INLINE_BYTES_MAX, Pace, Receipt, Refused, Submission};
use bytes::Bytes;
use hl7v3::ebxml::{self, Header, Message, Package, Problem};
use http::StatusCode;
use nhs::directory::{Contract, Pattern};
use service::{Answer, Reply, Request};
use store::contents::ContentId;
use store::messages::MessageId;
use store::{Access, Transaction};
use tokio::task::spawn_blocking;

use super::check::{Objection, names, unknown};
use super::words::{
    ACK, CLIENT, CPA, GRANTS, SOAP_ACTION, WIRE, XML, instant, kept_as, name_based,
};
use super::{House, SERVICE, faults, signal};

/// Answers `POST` at a path that is for these patterns.
pub(super) async fn receive(
    house: House,
    interaction: &'static str,
    patterns: &'static [Pattern],
    request: Request,
) -> Answer {
    let arrived = house.places.whole(&request).await?;
    let body = arrived.body.clone();
    let content_type = request.header("content-type").unwrap_or_default().to_owned();
    // It goes on to the receiver as it came.
    if content_type.len() > EBXML_MEDIA_TYPE_BYTES_MAX {
        return Err(faults::incorrect("NOT_WELL_FORMED", "the content type is too long"));
    }
    let message = Package::read_message(&content_type, &body).map_err(|why| {
        tracing::debug!(?why, "a message that cannot be read");
        faults::incorrect("NOT_WELL_FORMED", "")
    })?;
    house.may_send(&request.caller, &message.header)?;
    let incoming = Incoming { house: &house, request: &request, interaction, body, content_type };
    match incoming.take(&message, patterns).await {
        Ok(reply) => Ok(reply),
        Err(Objection::Fault(fault)) => Err(fault),
        Err(Objection::Problem(problem)) => refusing(&house, &message.header, problem),
    }
}

/// A message on its way in.
pub(super) struct Incoming<'a> {
    pub(super) house: &'a House,
    pub(super) request: &'a Request,
    pub(super) interaction: &'static str,
    pub(super) body: Bytes,
    pub(super) content_type: String,
}

/// Takes a message on that is for another party.
async fn take(
    incoming: &Incoming<'_>,
    header: &Header,
    patterns: &[Pattern],
) -> Result<Reply, Objection> {
    let house = incoming.house;
    let contract = house.contract(header, patterns, house.clock.now())?;
    let mut envelope = incoming.envelope(header)?;
    envelope.pace = Some(pace(&contract));
    if house.known()?.is_own(&header.to.id) {
        let caller = &incoming.request.caller;
        envelope.extra.push((CLIENT.to_owned(), caller.client.clone()));
        envelope.extra.push((GRANTS.to_owned(), caller.grants.join(" ")));
    }
    if contract.pattern.asks_for_acknowledgment() {
        envelope.extra.push((ACK.to_owned(), "yes".to_owned()));
    }
    let named = contract.pattern.eliminates_duplicates() || header.eliminate_duplicates;
    let receipt = incoming.accept(envelope, named).await?;
    Ok(answer(header, &contract, &receipt)?)
}

impl Incoming<'_> {
    async fn take(&self, message: &Message, patterns: &[Pattern]) -> Result<Reply, Objection> {
        names(message)?;
        if message.is_signal() {
            signal::take(self, message).await
        } else {
            take(self, &message.header, patterns).await
        }
    }

    /// What the broker is told of the message.
    pub(super) fn envelope(&self, header: &Header) -> Result<Envelope, Fault> {
        let asked = header.ref_to.as_deref().map(|id| self.house.sent(&header.to.id, id));
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let action = format!("{}/{}", header.service, header.action);
        Ok(Envelope {
            wire: WIRE.to_owned(),
            from: header.from.id.clone(),
            to: header.to.id.clone(),
            kind: format!("{}:{}", header.service, header.action),
            local_id: header.message_id.clone(),
            conversation: header.conversation.clone(),
            in_reply_to: asked.transpose()?.flatten().map(Into::into),
            media_type: kept_as(&self.content_type),
            bytes: self.body.len() as u64,
            parts: 1,
            extra: vec![pair(CPA, &header.cpa), pair(SOAP_ACTION, &action)],
            ..Envelope::default()
        })
    }

    /// Hands the message to the broker. It is on disk when this returns.
    pub(super) async fn accept(
        &self,
        envelope: Envelope,
        named: bool,
    ) -> Result<Receipt, Objection> {
        let house = self.house;
        // Who may not send such a message is told so before anything is written.
        house.broker.may_accept(&envelope).map_err(faults::from_broker)?;
        let body = self.kept().await?;
        let with = Transaction::new().access(self.access(&envelope.local_id));
        let submission = Submission { envelope, body, named, with };
        house.broker.accept(submission).await.map_err(|refused| match refused {
            Refused::OtherContent(_) => {
                unknown("eb:MessageId", "it was used for another message before")
            }
            other => Objection::Fault(faults::from_broker(other)),
        })
    }

    /// The body as the broker takes it: a large one is on disk already.
    async fn kept(&self) -> Result<Body, Fault> {
        if self.body.len() <= INLINE_BYTES_MAX {
            return Ok(Body::Inline(self.body.clone()));
        }
        let (store, id) = (self.house.store().clone(), self.house.broker.reserve());
        let bytes = self.body.clone();
        let written = spawn_blocking(move || {
            let mut writer = store.contents().write(ContentId(id.0), 1)?;
            writer.write(&bytes)?;
            writer.finish(String::new())
        });
        let first = written.await.map_err(faults::broken)?.map_err(faults::from_store)?;
        Ok(Body::Parts { id, of: 1, first })
    }

    fn access(&self, message: &str) -> Access {
        let (house, request) = (self.house, self.request);
        Access {
            service: SERVICE.into(),
            interaction: self.interaction.into(),
            outcome: 202,
            request: message.into(),
            ..request.access(&house.store().audit(), house.clock.now())
        }
    }
}

impl House {
    /// The message that a party sent under a name of its own.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) fn sent(&self, party: &str, id: &str) -> Result<Option<MessageId>, Fault> {
        let found = self.broker.track_local(party, id).map_err(faults::from_broker)?;
        let ours = found.into_iter().rev().find(|one| one.envelope.wire == WIRE);
        Ok(ours.map(|one| one.id))
    }
}

/// How often and how long a message under a contract is tried.
pub(super) fn pace(contract: &Contract) -> Pace {
    Pace {
        retries: contract.retries,
        every_s: contract.retry_interval_s().unwrap_or(60),
        within_s: contract.persist_duration_s().unwrap_or(300),
    }
}

/// The answer that a message was taken on: with the acknowledgment, where the pattern says so.
fn answer(header: &Header, contract: &Contract, receipt: &Receipt) -> Answer {
    if contract.pattern != Pattern::AsyncReliable {
        return Ok(Reply::empty(StatusCode::ACCEPTED));
    }
    // The same whenever the message comes again.
    let id = name_based(&["acknowledgment", &header.from.id, &header.message_id]);
    let at = instant(broker::named_at(receipt.id));
    signal_reply(StatusCode::ACCEPTED, &Message::acknowledging(header, &id, &at))
}

/// The answer that a message could not be taken on, because its envelope is wrong.
fn refusing(house: &House, header: &Header, problem: Problem) -> Answer {
    let id = name_based(&["error", &header.from.id, &header.message_id, &problem.code]);
    let at = instant(house.clock.now());
    signal_reply(StatusCode::OK, &Message::refusing(header, &id, &at, vec![problem]))
}

fn signal_reply(status: StatusCode, signal: &Message) -> Answer {
    let written = ebxml::write(signal).map_err(|why| faults::broken(format!("{why:?}")))?;
    Ok(Reply::new(status, XML, written))
}
