//! `GET /{mailbox}/outbox/tracking`: where a message that was sent is.
//!
//! By its id, or (deprecated) by the name that its sender gave it.

use base::Fault;
use broker::{Envelope, Mailbox, Refused, State, Track, Tracked};
use http::StatusCode;
use serde_json::{Value, json};
use service::{Answer, Reply, Request};
use store::contents::ContentId;

use crate::faults::{from_store, incorrect, not_found, not_sent};
use crate::house::House;
use crate::times;
use crate::validation::Wrong;
use crate::version::{JSON, Version};

/// Answers `GET /{mailbox}/outbox/tracking?messageID=`.
pub(crate) async fn track_message(house: House, request: Request) -> Answer {
    let given = request.query.iter().find(|(name, _)| name == "messageID");
    let Some((_, named)) = given else {
        let mut wrong = Wrong::default();
        wrong.missing(("query", "messageID"));
        wrong.done()?;
        return Err(not_found());
    };
    let version = Version::of(&request.headers)?;
    let id = broker::read_id(named).ok_or_else(not_found)?;
    let tracked = match house.broker.track(id) {
        Ok(tracked) if tracked.envelope.from == request.caller.client => tracked,
        // Nobody learns from this which messages others sent.
        Ok(_) | Err(Refused::NotFound) => return Err(not_found()),
        Err(error) => return Err(not_sent(error)),
    };
    let story = Story::of(&house, tracked)?;
    let body = match version {
        Version::One => story.one(),
        Version::Two => story.two(),
    };
    Ok(Reply::new(StatusCode::OK, version.media_type(), body.to_string()))
}

/// Answers `GET /{mailbox}/outbox/tracking/{local_id}`, which has one form only.
pub(crate) async fn track_local(house: House, request: Request) -> Answer {
    Version::of(&request.headers)?;
    let local_id = request.path_value("local_id");
    let found = house.broker.track_local(&request.caller.client, local_id).map_err(not_sent)?;
    let mut found = found.into_iter();
    match (found.next(), found.next()) {
        (None, _) => Err(not_found()),
        (Some(_), Some(_)) => Err(incorrect("MULTIPLE")),
        (Some(tracked), None) => {
            let body = Story::of(&house, tracked)?.one();
            Ok(Reply::new(StatusCode::OK, JSON, body.to_string()))
        }
    }
}

/// Where a message is, as its sender sees it.
pub(crate) struct Story {
    id: String,
    envelope: Envelope,
    /// One word: `uploading`, `accepted`, `acknowledged`, `undeliverable`, `error`.
    status: &'static str,
    problem: String,
    sent: String,
    sent_iso: String,
    expires: String,
    expires_iso: String,
    changed: String,
    changed_iso: String,
    acknowledged: String,
    bytes: u64,
    parts: u32,
    sender: Party,
    recipient: Party,
}

/// A mailbox and whose it is.
#[derive(Default)]
struct Party {
    id: String,
    name: String,
    ods: String,
    organisation: String,
}

impl Story {
    pub(crate) fn of(house: &House, tracked: Tracked) -> Result<Self, Fault> {
        let Tracked { id, envelope, deliveries, .. } = tracked;
        // A resend is the last delivery, and the one that counts.
        let last = deliveries.last().ok_or_else(not_found)?;
        let history = house.broker.history(last.id).map_err(not_sent)?;
        let sent = broker::named_at(id);
        let changed = history.last().map_or(sent, |line| line.at);
        let expires = last.detail.deadline();
        let acknowledged = history.iter().find(|line| line.state == State::Acknowledged);
        let content = house.store().contents().get(ContentId(id.0)).map_err(from_store)?;
        let to = if last.recipient.is_empty() { &envelope.to } else { &last.recipient };
        Ok(Self {
            id: broker::write_id(id),
            status: status(last),
            problem: problem(last),
            sent: times::digits(sent),
            sent_iso: times::iso(sent),
            expires: times::digits(expires),
            expires_iso: times::iso(expires),
            changed: times::digits(changed),
            changed_iso: times::iso(changed),
            acknowledged: acknowledged.map(|line| times::digits(line.at)).unwrap_or_default(),
            bytes: content.as_ref().map_or(envelope.bytes, store::contents::Content::bytes),
            parts: envelope.parts,
            sender: Party::of(house, &envelope.from)?,
            recipient: Party::of(house, to)?,
            envelope,
        })
    }

    fn file(&self) -> String {
        self.envelope.extra("file").map_or_else(|| format!("{}.dat", self.id), str::to_owned)
    }

    fn is_well(&self) -> bool {
        !matches!(self.status, "error" | "undeliverable")
    }

    fn one(&self) -> Value {
        let extra = |name| self.envelope.extra(name).unwrap_or_default();
        let mut status = self.status.to_owned();
        if let Some(first) = status.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        let mut body = json!({
            "addressType": "ALL",
            "checksum": extra("checksum"),
            "chunkCount": self.parts,
            "compressFlag": extra("compressed"),
            "contentEncoding": self.envelope.encoding,
            "downloadTimestamp": self.acknowledged,
            "dtsId": self.id,
            "encryptedFlag": extra("encrypted"),
            "expiryTime": self.expires,
            "fileName": self.file(),
            "fileSize": self.bytes,
            "isCompressed": extra("compressed"),
            "localId": self.envelope.local_id,
            "meshRecipientOdsCode": self.recipient.ods,
            "messageId": self.id,
            "messageType": "Data",
            "partnerId": extra("partner"),
            "recipient": self.recipient.id,
            "recipientName": self.recipient.name,
            "recipientOrgCode": self.recipient.ods,
            "recipientOrgName": self.recipient.organisation,
            "recipientSmtp": "",
            "sender": self.sender.id,
            "senderName": self.sender.name,
            "senderOdsCode": self.sender.ods,
            "senderOrgCode": self.sender.ods,
            "senderOrgName": self.sender.organisation,
            "senderSmtp": "",
            "status": status,
            "statusSuccess": if self.is_well() { "SUCCESS" } else { "ERROR" },
            "subject": extra("subject"),
            "uploadTimestamp": self.sent,
            "version": "1.0",
            "workflowId": self.envelope.kind,
        });
        if let (false, Some(body)) = (self.is_well(), body.as_object_mut()) {
            body.insert("failureDate".to_owned(), self.changed.clone().into());
            body.insert("failureDiagnostic".to_owned(), self.problem.clone().into());
            body.insert("statusDescription".to_owned(), self.problem.clone().into());
            body.insert("statusEvent".to_owned(), "SEND".into());
            body.insert("statusTimestamp".to_owned(), self.changed.clone().into());
        }
        body
    }

    fn two(&self) -> Value {
        let mut body = json!({
            "message_id": self.id,
            "local_id": self.envelope.local_id,
            "workflow_id": self.envelope.kind,
            "filename": self.file(),
            "expiry_time": self.expires_iso,
            "upload_timestamp": self.sent_iso,
            "recipient": self.recipient.id,
            "recipient_name": self.recipient.name,
            "recipient_ods_code": self.recipient.ods,
            "recipient_org_code": self.recipient.ods,
            "recipient_org_name": self.recipient.organisation,
            "status_success": self.is_well(),
            "status": self.status,
            "status_timestamp": self.changed_iso,
        });
        if let (false, Some(body)) = (self.is_well(), body.as_object_mut()) {
            body.insert("status_event".to_owned(), "SEND".into());
            body.insert("status_description".to_owned(), self.problem.clone().into());
        }
        body
    }

    /// A row of the list of sent messages.
    pub(crate) fn row(&self) -> Value {
        json!({
            "message_id": self.id,
            "expiry_timestamp": self.expires_iso,
            "local_id": self.envelope.local_id,
            "message_type": if self.envelope.is_report() { "REPORT" } else { "DATA" },
            "recipient": self.recipient.id,
            "recipient_name": self.recipient.name,
            "sender": self.sender.id,
            "sender_name": self.sender.name,
            "sent_date": self.sent_iso,
            "status": self.status,
            "workflow_id": self.envelope.kind,
            "total_chunks": self.parts,
        })
    }

    /// What a tester sees of it.
    pub(crate) fn whole(&self) -> Value {
        let extra = |name| self.envelope.extra(name).unwrap_or_default();
        json!({
            "checksum": extra("checksum"),
            "chunk_count": self.parts,
            "content_encoding": self.envelope.encoding,
            "expiry_time": self.expires_iso,
            "filename": self.file(),
            "file_size": self.bytes,
            "is_compressed": extra("compressed") == "Y",
            "is_encrypted": extra("encrypted") == "Y",
            "local_id": self.envelope.local_id,
            "message_id": self.id,
            "message_type": if self.envelope.is_report() { "Report" } else { "Data" },
            "recipient": self.recipient.id,
            "recipient_name": self.recipient.name,
            "recipient_ods_code": self.recipient.ods,
            "recipient_org_code": self.recipient.ods,
            "recipient_org_name": self.recipient.organisation,
            "sender": self.sender.id,
            "sender_name": self.sender.name,
            "sender_ods_code": self.sender.ods,
            "sender_org_code": self.sender.ods,
            "sender_org_name": self.sender.organisation,
            "status": self.one().get("status"),
            "status_success": if self.is_well() { "SUCCESS" } else { "ERROR" },
            "subject": extra("subject"),
            "upload_timestamp": self.sent_iso,
            "workflow_id": self.envelope.kind,
        })
    }
}

impl Party {
    fn of(house: &House, id: &str) -> Result<Self, Fault> {
        let Some(mailbox) = house.mailbox(id) else {
            return Ok(Self { id: id.to_owned(), ..Self::default() });
        };
        let Mailbox { id, name, organisation: ods, .. } = mailbox;
        let organisation = house.organisation_name(&ods)?;
        Ok(Self { id, name, ods, organisation })
    }
}

/// What went wrong with a delivery, in words; empty when nothing did.
fn problem(delivery: &Track) -> String {
    match delivery.state {
        State::Cancelled => "Message was taken back".to_owned(),
        _ => delivery.detail.problem.clone(),
    }
}

/// The API's word for where a delivery stands.
fn status(delivery: &Track) -> &'static str {
    match delivery.state {
        State::Receiving => "uploading",
        State::Acknowledged | State::Answered => "acknowledged",
        State::Expired => "undeliverable",
        State::Refused | State::Dead | State::Cancelled => "error",
        _ => "accepted",
    }
}
