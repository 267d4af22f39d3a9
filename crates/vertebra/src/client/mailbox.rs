//! A mailbox of a post office: what can be asked of it over the wire.
//!
//! Specification: <https://digital.nhs.uk/developer/api-catalogue/message-exchange-for-social-care-and-health-api>.

use std::io::Read;

use base::{Clock, Dice, Secret};
use serde_json::Value;

use super::mailbox_token::mailbox_token;
use super::{Answer, Call, Client, Trouble, encoded};

/// The form of answers that we read.
const ACCEPT: &str = "application/vnd.mesh.v2+json";
/// From so many bytes on we ask whether a body is wanted before we send it.
const ASK_FIRST_BYTES: u64 = 1024 * 1024;

/// Who a mailbox is, and what it proves that with.
pub(crate) struct Identity {
    /// Its id.
    pub(crate) mailbox: String,
    /// Its password.
    pub(crate) password: Secret<String>,
    /// The key that all mailboxes of an environment share.
    pub(crate) shared_key: Secret<String>,
}

/// A mailbox of a post office.
pub(crate) struct Mailbox {
    client: Client,
    identity: Identity,
    clock: Clock,
    dice: Dice,
}

/// Some of what waits in a mailbox.
#[derive(Default)]
pub(crate) struct Inbox {
    /// The ids of messages, oldest first.
    pub(crate) messages: Vec<String>,
    /// Where to go on, when there are more.
    pub(crate) next: Option<String>,
    /// About how many there are in all, when that is said.
    pub(crate) count: Option<u64>,
}

/// Which message is asked after.
pub(crate) enum Track<'a> {
    /// By the id that the exchange gave it.
    Message(&'a str),
    /// By the id that its sender gave it.
    Local(&'a str),
}

/// A body, or a part of one, on its way out.
pub(crate) struct Parcel<'a> {
    /// What it is read from.
    pub(crate) reader: &'a mut dyn Read,
    /// How many bytes are read, when that is known.
    pub(crate) bytes: Option<u64>,
    /// Whether the bytes are gzip.
    pub(crate) compressed: bool,
}

impl Mailbox {
    /// A mailbox that is reached through a client.
    pub(crate) fn new(client: Client, identity: Identity) -> Self {
        Self { client, identity, clock: Clock::System, dice: Dice::System }
    }

    /// Its id.
    pub(crate) fn id(&self) -> &str {
        &self.identity.mailbox
    }

    /// The time, for whoever writes it beside a message.
    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Do the credentials work? To be asked once a day.
    pub(crate) fn handshake(&self) -> Result<(), Trouble> {
        let release = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
        let release = if release.is_empty() { "unknown" } else { release.trim() };
        let call = Call::new("POST", self.path(""))
            .header("mex-clientversion", concat!("vertebra ", env!("CARGO_PKG_VERSION")))
            .header("mex-osname", std::env::consts::OS)
            .header("mex-osversion", release)
            .header("mex-osarchitecture", std::env::consts::ARCH)
            .header("content-length", "0");
        self.call(call).map(drop)
    }

    /// Some of what waits: of the workflows that fit, from a place on.
    pub(crate) fn inbox(&self, workflow: &str, from: Option<&str>) -> Result<Inbox, Trouble> {
        let mut query: Vec<String> = Vec::new();
        if !workflow.is_empty() {
            query.push(format!("workflow_filter={}", encoded(workflow)));
        }
        query.extend(from.map(|from| format!("continue_from={from}")));
        let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
        let path = self.path(&format!("/inbox{query}"));
        let answer = self.call(Call::new("GET", path))?.json()?;
        let messages = answer.get("messages").and_then(Value::as_array).into_iter().flatten();
        Ok(Inbox {
            messages: messages.filter_map(Value::as_str).map(str::to_owned).collect(),
            next: answer.pointer("/links/next").and_then(Value::as_str).and_then(place),
            count: answer.get("approx_inbox_count").and_then(Value::as_u64),
        })
    }

    /// A message, or one of its chunks from 1; the body is still to be read.
    pub(crate) fn open(&self, message: &str, chunk: u32) -> Result<Answer, Trouble> {
        let message = encoded(message);
        let path = match chunk {
            1 => format!("/inbox/{message}"),
            _ => format!("/inbox/{message}/{chunk}"),
        };
        self.call(Call::new("GET", self.path(&path)))
    }

    /// Says that a message arrived: it will not be listed again.
    pub(crate) fn acknowledge(&self, message: &str) -> Result<(), Trouble> {
        let path = format!("/inbox/{}/status/acknowledged", encoded(message));
        self.call(Call::new("PUT", self.path(&path)).header("content-length", "0")).map(drop)
    }

    /// Sends a message, or the first part of one; gives its id.
    pub(crate) fn post(
        &self,
        headers: &[(&'static str, String)],
        parcel: Parcel<'_>,
    ) -> Result<String, Trouble> {
        let call = Call::new("POST", self.path("/outbox"));
        let call = headers.iter().fold(call, |call, (name, value)| call.header(*name, value));
        let answer = self.call(parcel.onto(call))?.json()?;
        let id = answer.get("message_id").or_else(|| answer.get("messageID"));
        let id = id.and_then(Value::as_str).map(str::to_owned);
        id.ok_or_else(|| Trouble::Unanswered("the answer names no message".into()))
    }

    /// Sends a later part of a message.
    pub(crate) fn post_part(
        &self,
        message: &str,
        (part, of): (u64, u64),
        parcel: Parcel<'_>,
    ) -> Result<(), Trouble> {
        let path = self.path(&format!("/outbox/{}/{part}", encoded(message)));
        let call = Call::new("POST", path).header("mex-chunk-range", format!("{part}:{of}"));
        self.call(parcel.onto(call)).map(drop)
    }

    /// What became of a message that was sent.
    pub(crate) fn track(&self, track: &Track<'_>) -> Result<Value, Trouble> {
        let path = match track {
            Track::Message(id) => format!("/outbox/tracking?messageID={}", encoded(id)),
            Track::Local(id) => format!("/outbox/tracking/{}", encoded(id)),
        };
        self.call(Call::new("GET", self.path(&path)))?.json()
    }

    fn path(&self, rest: &str) -> String {
        format!("/messageexchange/{}{rest}", encoded(&self.identity.mailbox))
    }

    fn call(&self, call: Call<'_>) -> Result<Answer, Trouble> {
        let nonce = self.dice.uuid().to_string();
        let token = mailbox_token(&self.identity, &nonce, self.clock.now());
        self.client.call(call.header("authorization", token).header("accept", ACCEPT))?.good()
    }
}

impl<'a> Parcel<'a> {
    fn onto(self, call: Call<'a>) -> Call<'a> {
        let length = self.bytes.map(|bytes| bytes.to_string()).unwrap_or_default();
        let large = self.bytes.is_none_or(|bytes| bytes >= ASK_FIRST_BYTES);
        call.header("content-length", length)
            .header("content-encoding", if self.compressed { "gzip" } else { "" })
            .header("expect", if large { "100-continue" } else { "" })
            .body(self.reader)
    }
}

/// The place that a link to the next page goes on from, encoded as it stands there.
fn place(link: &str) -> Option<String> {
    let (_, query) = link.split_once('?')?;
    let value = query.split('&').find_map(|pair| pair.strip_prefix("continue_from="))?;
    Some(value.to_owned())
}

#[cfg(test)]
mod tests;
