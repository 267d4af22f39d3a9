//! What the answer of a party means to the message that was posted there.
//!
//! | answer | outcome |
//! |---|---|
//! | 2xx with an acknowledgment | acknowledged, and passed on to the sender |
//! | 2xx with nothing | arrived; the acknowledgment, if any was asked for, comes by itself |
//! | a message error | unwanted, for the reason that its codes say |
//! | a SOAP fault of 200, 206 or 208 | failed: later perhaps |
//! | any other SOAP fault | unwanted |
//! | 3xx, 400, 401, 403, 404, 405, 410, 413, 414, 415, 422, 431 | refused |
//! | anything else | failed |

use base::limit::EBXML_ANSWER_BYTES_MAX;
use broker::{Body, Envelope, Outcome, Push, Refused, Submission};
use bytes::{Bytes, BytesMut};
use hl7v3::ebxml::{Content, Message, Package};
use hl7v3::soap;
use http::header::CONTENT_TYPE;
use service::Returned;
use store::Transaction;

use super::House;
use super::check::names;
use super::words::{ACK, CPA, SOAP_ACTION, WIRE, XML, codes, kept_as};
use crate::nasp;

impl House {
    /// What came of a push.
    pub(super) async fn answered(&self, push: &Push, returned: Returned) -> Outcome {
        let status = returned.status.as_u16();
        if refuses(status) {
            return Outcome::Refused(format!("answered {status}"));
        }
        let kind = returned.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let content_type = kind.unwrap_or(XML).to_owned();
        let Some(body) = whole(returned).await else {
            return failed("the answer broke off".to_owned());
        };
        match status {
            200..300 => self.taken(push, &content_type, body).await,
            500 => faulted(&content_type, &body),
            _ => failed(format!("answered {status}")),
        }
    }

    /// The party took the message; perhaps it says more.
    async fn taken(&self, push: &Push, content_type: &str, body: Bytes) -> Outcome {
        let asked = push.envelope.extra(ACK).is_some() && !push.envelope.is_report();
        let quiet = if asked { Outcome::Delivered } else { Outcome::Acknowledged };
        if body.iter().all(u8::is_ascii_whitespace) {
            return quiet;
        }
        let Ok(package) = Package::read(content_type, &body) else { return quiet };
        match &package.message.content {
            Content::Errors(_) => refusal(&package.message).unwrap_or(quiet),
            Content::Acknowledgment(it)
                if it.ref_to == push.envelope.local_id && answers(&package.message, push) =>
            {
                match self.pass_back(push, &package.message, content_type, body).await {
                    Ok(true) => Outcome::Settled,
                    Ok(false) => Outcome::Acknowledged,
                    Err(why) => failed(why),
                }
            }
            _ => quiet,
        }
    }

    /// Passes the acknowledgment in an answer on to the sender of the message. Returns whether the
    /// delivery of the message ended in the same commit.
    async fn pass_back(
        &self,
        push: &Push,
        signal: &Message,
        content_type: &str,
        body: Bytes,
    ) -> Result<bool, String> {
        if push.envelope.extra(ACK).is_none() {
            return Ok(false);
        }
        let header = &signal.header;
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let action = format!("{}/{}", header.service, header.action);
        let envelope = Envelope {
            wire: WIRE.to_owned(),
            from: push.envelope.to.clone(),
            to: push.envelope.from.clone(),
            kind: format!("{}:{}", header.service, header.action),
            local_id: header.message_id.clone(),
            conversation: push.envelope.conversation.clone(),
            in_reply_to: Some(push.message.into()),
            acknowledges: true,
            media_type: kept_as(content_type),
            bytes: body.len() as u64,
            parts: 1,
            extra: vec![pair(CPA, &header.cpa), pair(SOAP_ACTION, &action)],
            ..Envelope::default()
        };
        let submission = Submission {
            envelope,
            body: Body::Inline(body),
            named: true,
            with: Transaction::new(),
        };
        match self.broker.accept(submission).await {
            Ok(receipt) => Ok(receipt.ended == Some(push.delivery)),
            // The sender may have no address, or have the acknowledgment in other words.
            Err(Refused::NoRecipient(_) | Refused::Closed(_) | Refused::OtherContent(_)) => {
                Ok(false)
            }
            Err(refused) => Err(format!("the acknowledgment could not be kept: {refused:?}")),
        }
    }
}

/// Whether an answer refuses the message by its status, whatever else it says.
fn refuses(status: u16) -> bool {
    matches!(status, 300..=401 | 403..=405 | 410 | 413..=415 | 422 | 431)
}

/// Whether a signal is from whom a message was posted to, for who sent it, in their conversation.
/// It is passed on as it stands, so it may not say anything else.
fn answers(signal: &Message, push: &Push) -> bool {
    let (header, sent) = (&signal.header, &push.envelope);
    names(signal).is_ok()
        // A route may lead to somebody who stands in.
        && (header.from.id == sent.to || header.from.id == push.endpoint.name)
        && header.to.id == sent.from
        && header.conversation.eq_ignore_ascii_case(&sent.conversation)
}

/// What an answer with an error means: the codes decide.
fn faulted(content_type: &str, body: &[u8]) -> Outcome {
    if let Ok(package) = Package::read(content_type, body)
        && let Some(refused) = refusal(&package.message)
    {
        return refused;
    }
    let fallback = || failed("answered 500".to_owned());
    let Ok(envelope) = soap::Envelope::parse(body) else { return fallback() };
    let Some(fault) = envelope.fault() else { return fallback() };
    let numbers = nasp::errors(&fault);
    let codes: Vec<&str> = numbers.iter().map(|number| number.code()).collect();
    let text = format!("answered a SOAP fault {}", codes.join(" ")).trim_end().to_owned();
    if numbers.is_empty() || numbers.iter().any(|number| number.may_be_retried()) {
        return failed(text);
    }
    Outcome::Unwanted(text)
}

/// That a message is not wanted, by the codes of the errors; nothing when they are but warnings.
fn refusal(signal: &Message) -> Option<Outcome> {
    let codes = codes(&signal.content)?;
    Some(Outcome::Unwanted(format!("answered a message error: {codes}")))
}

fn failed(why: String) -> Outcome {
    Outcome::Failed { why, after_s: None }
}

/// The whole body of an answer; nothing when it broke off or is too large.
async fn whole(mut returned: Returned) -> Option<Bytes> {
    let mut body = BytesMut::new();
    while let Some(piece) = returned.body.next().await.ok()? {
        body.extend_from_slice(&piece);
        if body.len() > EBXML_ANSWER_BYTES_MAX {
            return None;
        }
    }
    Some(body.freeze())
}
