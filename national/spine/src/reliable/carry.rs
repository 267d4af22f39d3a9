//! A message that leaves: posted to the address of its party, as it came.

use std::time::Duration;

use base::limit::EBXML_ANSWER_BYTES_MAX;
use broker::{Outcome, Push, Pusher, pusher};
use hl7v3::ebxml::{self, Header, Message, Party, Problem};
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, Method};
use service::{BodyStream, Download, Missed, Onward};
use uuid::Uuid;

use super::House;
use super::words::{CPA, PARTY_KIND, SOAP_ACTION, WIRE, XML, instant, name_based};

/// What is posted: headers and body.
struct Letter {
    content_type: String,
    soap_action: String,
    body: BodyStream,
}

impl House {
    /// What the broker pushes with: messages of this wire go here, all others to `others`.
    pub fn pusher(&self, others: Pusher) -> Pusher {
        let house = self.clone();
        pusher(move |push| {
            let (house, others) = (house.clone(), others.clone());
            async move {
                if push.endpoint.wire == WIRE {
                    house.carry(push).await
                } else {
                    others(push).await
                }
            }
        })
    }

    /// Makes one attempt.
    async fn carry(&self, push: Push) -> Outcome {
        if self.known().is_ok_and(|known| known.is_own(&push.endpoint.name)) {
            return self.serve(&push).await;
        }
        let letter = match self.letter(&push) {
            Ok(letter) => letter,
            Err(why) => return Outcome::Failed { why, after_s: None },
        };
        let onward = Onward {
            url: push.endpoint.url.clone(),
            private: push.endpoint.private,
            method: Method::POST,
            headers: headers(&push, &letter),
            body: letter.body,
            wait: Duration::from_secs(u64::from(push.endpoint.push_s_max)),
            bytes_max: EBXML_ANSWER_BYTES_MAX,
        };
        match (self.relay)(onward).await {
            Ok(returned) => self.answered(&push, returned).await,
            Err(missed) => Outcome::Failed { why: why(missed), after_s: None },
        }
    }

    /// What is posted for a push: the message as it came, or the word that one did not arrive.
    fn letter(&self, push: &Push) -> Result<Letter, String> {
        let envelope = &push.envelope;
        if envelope.is_report() {
            return self.report(push);
        }
        let body = match push.content {
            None => BodyStream::from(push.body.clone()),
            Some(content) => {
                let read = broker::BodyReader::open(self.store(), content);
                let mut reader = read
                    .map_err(|error| format!("the body cannot be read: {error}"))?
                    .ok_or("the body is not there any more")?;
                let bytes = reader.bytes();
                let download = Download::from_blocks(Some(bytes), move || reader.next_block());
                download.take().ok_or("the body is somebody else's")?
            }
        };
        Ok(Letter {
            content_type: envelope.media_type.clone(),
            soap_action: envelope.extra(SOAP_ACTION).unwrap_or_default().to_owned(),
            body,
        })
    }

    /// The word that a message did not arrive, as a message error (ebMS 4.2.3.4).
    fn report(&self, push: &Push) -> Result<Letter, String> {
        let envelope = &push.envelope;
        let known = self.known().map_err(|_| "the directory cannot be read")?;
        let own = known.own().map(|own| own.key.clone());
        let own = own.ok_or("the directory has no party without an address: the exchange")?;
        let text = envelope.report.as_ref().map_or("", |report| report.text.as_str());
        let sent = Header {
            from: Party::new(&envelope.to, PARTY_KIND),
            to: Party::new(own, PARTY_KIND),
            cpa: envelope.extra(CPA).unwrap_or("unknown").to_owned(),
            conversation: envelope.conversation.clone(),
            message_id: envelope.local_id.clone(),
            ..Header::default()
        };
        let id = name_based(&["report", &broker::write_id(push.message)]);
        let at = instant(broker::named_at(push.message));
        let problem = Problem::error("DeliveryFailure", text);
        let signal = Message::refusing(&sent, &id, &at, vec![problem]);
        let written = ebxml::write(&signal).map_err(|why| format!("a report: {why:?}"))?;
        let soap_action = format!("{}/{}", ebxml::SERVICE, ebxml::MESSAGE_ERROR);
        let body = BodyStream::from(bytes::Bytes::from(written));
        Ok(Letter { content_type: XML.to_owned(), soap_action, body })
    }
}

fn headers(push: &Push, letter: &Letter) -> HeaderMap {
    let mut headers = HeaderMap::new();
    // What cannot stand in a header is left out.
    let mut put = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
            headers.insert(name, value);
        }
    };
    put(CONTENT_TYPE, &letter.content_type);
    put(HeaderName::from_static("soapaction"), &letter.soap_action);
    // What is none says nothing to whoever reads that header, and may be too long for it.
    if Uuid::try_parse(&push.envelope.conversation).is_ok() {
        put(HeaderName::from_static("x-correlation-id"), &push.envelope.conversation);
    }
    headers
}

fn why(missed: Missed) -> String {
    match missed {
        Missed::Unreachable(why) | Missed::Untrusted(why) | Missed::NoAnswer(why) => why,
        Missed::TooSlow => "no answer in time".to_owned(),
        Missed::Body(error) => format!("the body could not be read: {error}"),
    }
}
