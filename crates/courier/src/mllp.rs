//! The wire `mllp`: a message of HL7 version 2 as it is, in a block, on a connection that is kept;
//! the acknowledgement is the answer.
//!
//! | answer | outcome |
//! |---|---|
//! | AA | acknowledged |
//! | CA | acknowledged; delivered where MSH-16 wants to hear more |
//! | AR, CR | unwanted |
//! | AE, CE with 100 to 205 of table 0357 | unwanted: the same again would fare the same |
//! | AE, CE with 206, 207 or none | failed: later perhaps |
//! | about another message (MSA-2), or no acknowledgement | failed, and hung up on |
//! | none, where MSH-15 wants none when all is well | acknowledged, after a moment |
//! | no answer in time, no connection | failed |
//! | not asked: the body is no message with a control id | refused |
//!
//! A connection that was kept and turns out to be closed is made anew at once. Whoever was closing
//! it may have taken the message: the receiver tells a repeat by MSH-10.
//!
//! Clause: HL7 2.5.1 chapter 2, 2.9 (<https://www.hl7.eu/HL7v2x/v251/std251/ch02.html#Heading27>).

use std::time::Duration;

use base::limit::{HL7V2_BYTES_MAX, MLLP_SILENCE_MS_MAX};
use broker::{BodyReader, Outcome, Push};
use bytes::Bytes;
use hl7v2::acknowledgement::{Acknowledgement, Code};
use hl7v2::mllp::encode;
use hl7v2::{Header, Message, When};
use store::Store;
use store::contents::ContentId;

use crate::line::{Line, Lines, Lost};

/// How long a receiver is listened to that need not answer.
const SILENCE: Duration = Duration::from_millis(MLLP_SILENCE_MS_MAX);

/// A message as a block, and what there is to know of it to understand the answer.
struct Question {
    block: Vec<u8>,
    control_id: String,
    /// Whether MSH-16 wants to hear what the receiver makes of it.
    more_follows: bool,
    /// Whether nothing is answered when all is well.
    silence_is_consent: bool,
}

/// Makes one attempt.
///
/// # Errors
/// Why it failed.
pub(crate) async fn carry(lines: &Lines, store: &Store, push: &Push) -> Result<Outcome, String> {
    let _place = match push.content {
        Some(_) => lines.large.acquire().await.ok(),
        None => None,
    };
    let body = match push.content {
        None => push.body.clone(),
        Some(content) => match whole(store, content).await? {
            Some(body) => body,
            None => return Ok(refused("the body is too large, or compressed")),
        },
    };
    if !push.envelope.encoding.is_empty() {
        return Ok(refused("the body is compressed"));
    }
    let Some(question) = Question::read(&body) else {
        return Ok(refused("the body is no message of HL7 version 2 with a control id (MSH-10)"));
    };
    drop(body);
    if let Some(line) = lines.kept(&push.endpoint).await {
        match say(lines, line, &question, push).await {
            Err(Lost::Closed(_)) => {}
            other => return other.map_err(Lost::why),
        }
    }
    let line = lines.connect(&push.endpoint).await?;
    say(lines, line, &question, push).await.map_err(Lost::why)
}

async fn say(
    lines: &Lines,
    mut line: Line,
    question: &Question,
    push: &Push,
) -> Result<Outcome, Lost> {
    let patience = question.silence_is_consent.then_some(SILENCE);
    let outcome = match line.ask(&question.block, patience).await? {
        Some(answer) => question.answered(&answer).map_err(Lost::Garbled)?,
        None => Outcome::Acknowledged,
    };
    lines.keep(&push.endpoint, line);
    Ok(outcome)
}

impl Question {
    /// Nothing when it is no message that can be sent and acknowledged.
    fn read(body: &[u8]) -> Option<Self> {
        let message = Message::read(body).ok()?;
        let header = Header::read(&message)?;
        if header.control_id.is_empty() {
            return None;
        }
        let application = header.application_acknowledgement();
        Some(Self {
            block: encode(body)?,
            more_follows: !matches!(application, None | Some(When::Never)),
            silence_is_consent: !Code::CommitAccept.is_wanted(&header),
            control_id: header.control_id,
        })
    }

    /// What an answer means.
    ///
    /// # Errors
    /// When it is not about this message.
    fn answered(&self, answer: &[u8]) -> Result<Outcome, String> {
        let message = Message::read(answer)
            .map_err(|_| "what came back is no message of HL7 version 2".to_owned())?;
        let said = Acknowledgement::read(&message).ok_or("what came back acknowledges nothing")?;
        if said.control_id != self.control_id {
            return Err("another message was acknowledged than the one that was sent".into());
        }
        Ok(self.outcome(&said))
    }

    fn outcome(&self, said: &Acknowledgement) -> Outcome {
        let why = format!("answered {}", said.words());
        match said.code {
            Code::CommitAccept if self.more_follows => Outcome::Delivered,
            Code::ApplicationAccept | Code::CommitAccept => Outcome::Acknowledged,
            Code::ApplicationReject | Code::CommitReject => Outcome::Unwanted(why),
            Code::ApplicationError | Code::CommitError => match said.condition {
                Some(condition) if condition.lasts() => Outcome::Unwanted(why),
                _ => Outcome::Failed { why, after_s: None },
            },
        }
    }
}

impl Lost {
    fn why(self) -> String {
        match self {
            Self::Closed(why) | Self::Garbled(why) => why,
        }
    }
}

fn refused(why: &str) -> Outcome {
    Outcome::Refused(why.to_owned())
}

/// A large body; nothing when it is none that could be sent.
async fn whole(store: &Store, content: ContentId) -> Result<Option<Bytes>, String> {
    let store = store.clone();
    let failed = |error: &dyn std::fmt::Display| format!("the body cannot be read: {error}");
    let read = move || {
        let reader = BodyReader::open(&store, content).map_err(|error| failed(&error))?;
        let mut reader = reader.ok_or("the body is not there any more")?;
        let fits = reader.bytes() <= HL7V2_BYTES_MAX as u64 && reader.encoding().is_empty();
        if !fits {
            return Ok(None);
        }
        let mut body = Vec::new();
        while let Some(block) = reader.next_block().map_err(|error| failed(&error))? {
            body.extend_from_slice(&block);
        }
        Ok(Some(Bytes::from(body)))
    };
    let read = tokio::task::spawn_blocking(read).await;
    read.unwrap_or_else(|_| Err("the body cannot be read".into()))
}

#[cfg(test)]
mod tests;
