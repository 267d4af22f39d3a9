//! Messages for the exchange's own party: a national service takes a question on, and its answer
//! goes to the asker later, as a message of its own.
//!
//! The question is pushed here as it would be to any other party: it is on disk, it is tried again
//! when the house is busy, and its history says what became of it. The answer is accepted in one
//! commit with the audit line, under a name that is the same whenever the question is worked on
//! again, so that there is one answer even where the house was killed between the two.

use std::sync::Arc;

use broker::{Body, Envelope, Outcome, Push, Refused, Submission};
use bytes::Bytes;
use hl7v3::ebxml::{AckRequested, Content, Header, Message, Package, Party, Reference, Schema};
use hl7v3::multipart::{ContentType, Part};
use hl7v3::wrapper::{NAMESPACE, Transmission};
use hl7v3::xml;
use http::{HeaderMap, Method};
use nhs::directory::System;
use security::{Caller, Mode};
use serde_json::Value;
use service::{Request, Upload};
use store::{Access, Transaction};

use super::House;
use super::parties::Known;
use super::receive::pace;
use super::words::{ACK, CLIENT, CPA, GRANTS, PARTY_KIND, SOAP_ACTION, WIRE, instant, name_based};
use crate::sync::exchange::{self, Exchange};
use crate::sync::message::message;
use crate::sync::refusal::Refusal;
use crate::sync::{Unfound, Wanted, query, time};
use crate::{name, oid};

const START: &str = "ebXMLHeader@spine.nhs.uk";
const PAYLOAD_TYPE: &str = "application/xml; charset=UTF-8";
const HL7_SCHEMA: &str = "http://www.nhsia.nhs.uk/schemas/HL7-Message.xsd";

/// Why a question has no answer, not even a negative one.
enum Trouble {
    /// It is none that can be answered; why, without patient data.
    Unwanted(&'static str),
    /// Not now; why.
    Later(String),
}

/// What was decided of a question: the patient or the refusal, and the audit line of having looked.
type Found = (Result<Value, Refusal>, Option<Access>);

impl House {
    /// Works on a message for the exchange itself.
    pub(super) async fn serve(&self, push: &Push) -> Outcome {
        match self.answer(push).await {
            Ok(true) => Outcome::Settled,
            Ok(false) => Outcome::Acknowledged,
            Err(Trouble::Unwanted(why)) => Outcome::Unwanted(why.to_owned()),
            Err(Trouble::Later(why)) => Outcome::Failed { why, after_s: None },
        }
    }

    /// Returns whether the delivery of the question ended in one commit with its answer.
    async fn answer(&self, push: &Push) -> Result<bool, Trouble> {
        if push.content.is_some() {
            return Err(Trouble::Unwanted("it is larger than a question may be"));
        }
        let package = Package::read(&push.envelope.media_type, &push.body)
            .map_err(|_| Trouble::Unwanted("it cannot be read"))?;
        let payload = package.payload().ok_or(Trouble::Unwanted("it has no payload"))?;
        let payload = payload.content().map_err(|_| Trouble::Unwanted("it cannot be read"))?;
        let root = xml::parse(&payload).map_err(|_| Trouble::Unwanted("the payload is no XML"))?;
        let asked = Transmission::read(root)
            .map_err(|_| Trouble::Unwanted("the payload is no HL7 V3 message"))?;
        if !name::is_fit(&asked.id) {
            return Err(Trouble::Unwanted("the id of the payload is none"));
        }
        let known = self.known().map_err(|_| Trouble::Later("no directory".to_owned()))?;
        let header = &package.message.header;
        let (exchange, system) = may_ask(&known, header, &asked)?;
        let (found, access) = self.decide(push, &asked, exchange, system).await?;
        // Of the question itself too: some senders use a name twice.
        let question = String::from_utf8_lossy(&payload);
        let id = name_based(&["answer", &header.from.id, &header.message_id, &question]);
        let created = time::digits(self.clock.now());
        let told =
            message(exchange, &asked, (id.clone(), created), found.as_ref().map_err(|it| *it));
        self.send(push, header, (&id, told), &known, access).await
    }

    /// Asks whoever keeps the demographics.
    async fn decide(
        &self,
        push: &Push,
        asked: &Transmission<'_>,
        exchange: &'static Exchange,
        system: &System,
    ) -> Result<Found, Trouble> {
        let query = asked.act.as_ref().and_then(|act| act.query.as_ref());
        let wanted: Wanted = match query::wanted(exchange.kind, query) {
            Ok(wanted) => wanted,
            // Nobody's record was looked at.
            Err(refusal) => return Ok((Err(refusal), None)),
        };
        let decide = self.demographics.as_ref();
        let decide = decide.ok_or(Trouble::Unwanted("nobody answers such questions here"))?;
        let request = Arc::new(request(caller(push, system)));
        let decided = decide(request, exchange.asks, wanted).await;
        let access = Access { request: asked.id.clone(), ..decided.access };
        let found = match decided.patient {
            Ok(patient) => Ok(patient),
            Err(Unfound::Failed(_)) => return Err(Trouble::Later("the house is busy".to_owned())),
            Err(unfound) => match Refusal::of(&unfound, exchange.kind) {
                Some(refusal) => Err(refusal),
                None => return Err(Trouble::Unwanted("the system may not ask this")),
            },
        };
        Ok((found, Some(access)))
    }

    /// Sends the answer to the asker. The question is answered in the same commit.
    async fn send(
        &self,
        push: &Push,
        header: &Header,
        (id, told): (&str, Transmission<'_>),
        known: &Known,
        access: Option<Access>,
    ) -> Result<bool, Trouble> {
        let action = told.interaction.extension.clone();
        let service = exchange::SERVICE;
        let asker = known.party(&header.from.id);
        let contract = asker.and_then(|asker| asker.contract_for(&format!("{service}:{action}")));
        let reply = Header {
            cpa: contract.map_or(&header.cpa, |contract| &contract.cpa).clone(),
            eliminate_duplicates: contract.is_some_and(|it| it.pattern.eliminates_duplicates()),
            ack_requested: contract
                .and_then(|it| it.pattern.actor())
                .map(|actor| AckRequested { actor: actor.to_owned(), signed: false }),
            ..header.reply(service, &action, id, &instant(self.clock.now()))
        };
        let (content_type, body) = written(reply.clone(), told)
            .ok_or(Trouble::Unwanted("the answer cannot be written"))?;
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut extra =
            vec![pair(CPA, &reply.cpa), pair(SOAP_ACTION, &format!("{service}/{action}"))];
        extra.extend(reply.ack_requested.is_some().then(|| pair(ACK, "yes")));
        let envelope = Envelope {
            wire: WIRE.to_owned(),
            from: reply.from.id,
            to: reply.to.id,
            kind: format!("{service}:{action}"),
            local_id: reply.message_id,
            conversation: reply.conversation,
            in_reply_to: Some(push.message.into()),
            media_type: content_type,
            bytes: body.len() as u64,
            parts: 1,
            extra,
            pace: contract.map(pace),
            ..Envelope::default()
        };
        let with = access.into_iter().fold(Transaction::new(), Transaction::access);
        let submission = Submission { envelope, body: Body::Inline(body), named: true, with };
        match self.broker.accept(submission).await {
            Ok(receipt) => Ok(receipt.ended == Some(push.delivery)),
            // In other words it was answered before, and only that not noted.
            Err(Refused::OtherContent(_)) => Ok(false),
            // What the question says comes back in the answer, and it says too much.
            Err(Refused::TooLarge) => Err(Trouble::Unwanted("the answer would be too large")),
            Err(Refused::NoRecipient(_) | Refused::Closed(_)) => {
                Err(Trouble::Unwanted("the asker has no address that an answer could go to"))
            }
            Err(refused) => {
                Err(Trouble::Later(format!("the answer could not be kept: {refused:?}")))
            }
        }
    }
}

/// The exchange that a question is part of, and the system that asks: it must be of the party that
/// sent the message, and registered for the question.
fn may_ask<'a>(
    known: &'a Known,
    header: &Header,
    asked: &Transmission<'_>,
) -> Result<(&'static Exchange, &'a System), Trouble> {
    let exchange = Exchange::later(&asked.interaction.extension);
    let exchange = exchange.filter(|it| it.asks == header.action);
    let exchange = exchange.ok_or(Trouble::Unwanted("the payload is not what the action says"))?;
    let sender = &asked.sender;
    let system = known.system(&sender.extension).filter(|system| {
        sender.root == oid::ASID && system.party_key.as_ref() == Some(&header.from.id)
    });
    let system =
        system.ok_or(Trouble::Unwanted("the system is not one of the party that sends"))?;
    if exchange.is_for(system) {
        Ok((exchange, system))
    } else {
        Err(Trouble::Unwanted("the system is not registered for this"))
    }
}

/// Who asks. The gate let them in when the message came, and it says as whom.
fn caller(push: &Push, system: &System) -> Caller {
    let said = |name: &str| push.envelope.extra(name).unwrap_or_default();
    Caller {
        mode: Mode::System,
        organisation: system.organisation.clone(),
        system: system.asid.clone(),
        grants: said(GRANTS).split_whitespace().map(str::to_owned).collect(),
        ..Caller::application(said(CLIENT).to_owned())
    }
}

/// The question as whoever decides takes it: a call of this caller, of which nothing else counts.
fn request(caller: Caller) -> Request {
    Request {
        method: Method::POST,
        path: super::BASE.to_owned(),
        path_values: Vec::new(),
        query: Vec::new(),
        headers: HeaderMap::new(),
        body: Bytes::new(),
        upload: Upload::none(),
        caller,
        origin: String::new(),
    }
}

/// The answer as a body, with its content type.
fn written(header: Header, told: Transmission<'_>) -> Option<(String, Bytes)> {
    let header = Header {
        from: Party::new(header.from.id, PARTY_KIND),
        to: Party::new(header.to.id, PARTY_KIND),
        ..header
    };
    let payload_id = format!("{}@spine.nhs.uk", header.message_id);
    let manifest = vec![Reference {
        schema: Some(Schema { location: HL7_SCHEMA.to_owned(), version: "1.0".to_owned() }),
        hl7: true,
        description: "HL7 payload".to_owned(),
        ..Reference::to_part(&payload_id)
    }];
    let kind = ContentType {
        boundary: format!("--=_{}", header.message_id),
        kind: "text/xml".to_owned(),
        start: START.to_owned(),
    };
    let payload = xml::write(&told.into_element(), &[("", NAMESPACE)]);
    let package = Package {
        message: Message { header, content: Content::Manifest(manifest) },
        parts: vec![Part::plain(&payload_id, PAYLOAD_TYPE, payload)],
    };
    let (content_type, body) = package.write(&kind).ok()?;
    Some((content_type, body.into()))
}
