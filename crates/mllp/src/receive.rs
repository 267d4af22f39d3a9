//! One message that came in: read, judged, accepted, acknowledged.

use base::limit::MESSAGE_NAME_BYTES_MAX;
use broker::{Broker, Envelope, Submission, Tracked, named_at};
use bytes::Bytes;
use hl7v2::acknowledgement::{self, Acknowledgement, Code, Stamp};
use hl7v2::{Condition, Header, Message, Problem};
use jiff::Timestamp;
use security::Caller;
use store::messages::MessageId;
use store::{Access, Transaction};

use crate::faults::from_broker;
use crate::house::House;
use crate::parties::{Parties, names};
use crate::{SERVICE, WIRE, body};

/// The media type that bodies are kept with.
const ER7: &str = "application/hl7-v2+er7";

impl House {
    /// Takes a message and says what is answered. Nothing when there is nothing to answer: the
    /// sender wants to hear nothing, or it is no message at all.
    ///
    /// Whoever has no caller is refused.
    pub async fn receive(&self, caller: Option<&Caller>, bytes: Bytes) -> Option<Vec<u8>> {
        let message = match Message::read(&bytes) {
            Ok(message) => message,
            Err(problem) => {
                count("dropped");
                tracing::debug!(why = problem.text, "what came in is no message");
                return None;
            }
        };
        let header = Header::read(&message)?;
        let (problem, id) = match self.take(caller, &message, &header, &bytes).await {
            Ok(id) => (None, id),
            Err(problem) => (Some(problem), self.broker.reserve()),
        };
        let code = Code::about(&header, problem.as_ref());
        count(code.name());
        if !code.is_wanted(&header) {
            return None;
        }
        // The same message is answered the same, to the letter.
        let (control_id, at) = (format!("{:016X}", id.0), stamped(named_at(id)));
        let stamp = Stamp { control_id: &control_id, at: &at };
        Some(acknowledgement::write(&header, code, problem.as_ref(), stamp))
    }

    async fn take(
        &self,
        caller: Option<&Caller>,
        message: &Message<'_>,
        header: &Header<'_>,
        bytes: &Bytes,
    ) -> Result<MessageId, Problem> {
        header.check()?;
        let caller = caller.ok_or_else(|| {
            Problem::reject(Condition::Internal, 0, "nobody knows who is calling")
        })?;
        let parties = self.parties(caller, header)?;
        let envelope = self.envelope(caller, message, header, parties)?;
        let envelope = Envelope { bytes: bytes.len() as u64, ..envelope };
        // What would be refused anyhow is refused before a large body goes to disk.
        self.broker.may_accept(&envelope).map_err(from_broker)?;
        let submission = Submission {
            envelope,
            body: body::take(&self.broker, bytes.clone()).await?,
            named: true,
            with: Transaction::new().access(self.access(caller, header)),
        };
        let receipt = self.broker.accept(submission).await.map_err(from_broker)?;
        Ok(receipt.id)
    }

    fn envelope(
        &self,
        caller: &Caller,
        message: &Message<'_>,
        header: &Header<'_>,
        parties: Parties,
    ) -> Result<Envelope, Problem> {
        let Parties { from, to } = parties;
        let said = Acknowledgement::read(message);
        let asked = match &said {
            Some(said) => self.asked(caller, header, said)?,
            None => None,
        };
        let local_id = local_id(&header.sending_application, &header.control_id);
        if local_id.len() > MESSAGE_NAME_BYTES_MAX {
            let why = "MSH-3 and the message control id are too long together";
            return Err(Problem::reject(Condition::DataType, 10, why));
        }
        // Who only heard of a message cannot turn it away.
        let refused = said.filter(|said| asked.is_some() && !said.code.accepts());
        let conversation =
            asked.as_ref().map(|asked| Broker::conversation_of(asked.id, &asked.envelope));
        Ok(Envelope {
            wire: WIRE.to_owned(),
            from,
            to,
            kind: header.kind(),
            local_id,
            conversation: conversation.unwrap_or_default(),
            in_reply_to: asked.map(|asked| asked.id.into()),
            media_type: ER7.to_owned(),
            parts: 1,
            acknowledges: header.message_code == "ACK",
            refuses: refused.map(|said| said.words()).unwrap_or_default(),
            ..Envelope::default()
        })
    }

    /// The message that another one answers, by the name that its sender gave it, if the caller
    /// got it. The answer names who asked as its receiver.
    fn asked(
        &self,
        caller: &Caller,
        header: &Header<'_>,
        said: &Acknowledgement,
    ) -> Result<Option<Tracked>, Problem> {
        let table = self.broker.directory().table();
        let wanted = local_id(&header.receiving_application, &said.control_id);
        for name in names(&header.receiving_application, &header.receiving_facility) {
            let found = self.broker.track_local(&name, &wanted).map_err(from_broker)?;
            let theirs = |one: &Tracked| {
                let place = |name: &str| name.split('#').next().unwrap_or_default().to_owned();
                one.deliveries.iter().any(|to| self.owns(&table, caller, &place(&to.recipient)))
            };
            if let Some(asked) = found.into_iter().rfind(theirs) {
                return Ok(Some(asked));
            }
        }
        Ok(None)
    }

    fn access(&self, caller: &Caller, header: &Header<'_>) -> Access {
        // Whose message it is stands in fields that nobody here reads: the line has no subject.
        Access {
            at: self.clock.now(),
            service: SERVICE.into(),
            interaction: "send-message".into(),
            mode: caller.mode.name().into(),
            client: caller.client.clone(),
            system: caller.system.clone(),
            organisation: caller.organisation.clone(),
            user: caller.user.clone(),
            outcome: 202,
            request: header.control_id.clone(),
            ..Access::default()
        }
    }
}

/// The name of a message. Control ids are those of an application: two at one facility may use
/// the same.
fn local_id(application: &str, control_id: &str) -> String {
    format!("{application}/{control_id}")
}

/// A time as HL7 writes it.
fn stamped(at: Timestamp) -> String {
    at.strftime("%Y%m%d%H%M%S+0000").to_string()
}

fn count(outcome: &'static str) {
    metrics::counter!("mllp_messages_total", "outcome" => outcome).increment(1);
}
