//! Who plays in the stories: the local systems of a demonstration.

use std::time::Duration;

use base::Secret;
use desk::control::Done;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::client::{Answer, Call, Client, DemoLocal, Demonstration, Reach};
use crate::command::Failure;

/// How long to wait between two looks at the record of a conversation.
const LOOK: Duration = Duration::from_millis(120);
/// How often to look at most.
const LOOKS_MAX: usize = 12;

/// The local systems, and the exchange that recorded what travelled.
pub(super) struct Cast {
    locals: Vec<DemoLocal>,
    exchange: Client,
    operator: Option<Secret<String>>,
}

/// One of them, on the stage.
pub(super) struct Actor {
    /// The name of its organisation.
    pub(super) title: String,
    /// The code of its organisation.
    pub(super) organisation: String,
    /// The service that it answers for; empty when it answers for none.
    pub(super) service: String,
    client: Client,
    secret: Secret<String>,
}

impl Cast {
    /// Finds them in what the demonstration wrote down.
    ///
    /// # Errors
    /// When there is no demonstration with local systems.
    pub(super) fn assemble(reach: &Reach) -> Result<Self, Failure> {
        let demonstration: Demonstration = reach.demonstration()?;
        let exchange = reach.client(&demonstration)?;
        let operator = demonstration.operator().map(|token| Secret::new(token.to_owned()));
        let locals = demonstration.local_systems;
        if locals.is_empty() {
            let hint = "`vertebra serve --demo` starts some; --data names its folder";
            return Err(format!("there are no local systems. hint: {hint}"));
        }
        Ok(Self { locals, exchange, operator })
    }

    /// The system of a name.
    ///
    /// # Errors
    /// When there is none.
    pub(super) fn actor(&self, name: &str) -> Result<Actor, Failure> {
        let local = self.locals.iter().find(|local| local.name == name);
        let local = local.ok_or_else(|| format!("no local system is called '{name}'"))?;
        let tls = ureq::tls::TlsConfig::default();
        Ok(Actor {
            title: local.title.clone(),
            organisation: local.organisation.clone(),
            service: local.service.clone(),
            client: Client::new(&local.control_url, tls)?,
            secret: Secret::new(local.control_secret.clone()),
        })
    }

    /// A conversation as the exchange recorded and draws it; nothing when it does not. It writes
    /// down what travelled a little later than it travels, so the text counts once it stands still.
    pub(super) fn recorded(&self, conversation: &str) -> Option<String> {
        let mut last = None;
        for _ in 0..LOOKS_MAX {
            std::thread::sleep(LOOK);
            let now = self.drawn(conversation);
            if now.is_some() && now == last {
                break;
            }
            last = now;
        }
        last
    }

    fn drawn(&self, conversation: &str) -> Option<String> {
        let call = Call::new("GET", format!("/conversations/{conversation}"));
        let mut call = call.header("accept", "text/plain");
        if let Some(token) = &self.operator {
            call = call.header("authorization", format!("Bearer {}", token.expose()));
        }
        let answer = self.exchange.call(call).ok()?.good().ok()?;
        answer.header("content-type").starts_with("text/plain").then(|| answer.text().ok())?
    }
}

impl Actor {
    /// Makes it act.
    ///
    /// # Errors
    /// When it does not answer, or cannot do that.
    pub(super) fn act(&self, act: &str, told: &Value) -> Result<Done, Failure> {
        self.asked(Call::new("POST", format!("/acts/{act}")).json(told))
    }

    /// What it keeps of a kind.
    ///
    /// # Errors
    /// When it does not answer, or keeps no such thing.
    pub(super) fn records(&self, kind: &str) -> Result<Vec<Value>, Failure> {
        self.asked(Call::new("GET", format!("/records/{kind}")))
    }

    fn asked<T: DeserializeOwned>(&self, call: Call) -> Result<T, Failure> {
        let call = call.header("authorization", format!("Bearer {}", self.secret.expose()));
        let failed = |why: String| format!("{}: {why}", self.title);
        let answer = self.client.call(call).and_then(Answer::good).and_then(Answer::json);
        let document = answer.map_err(|trouble| failed(trouble.to_string()))?;
        serde_json::from_value(document).map_err(|error| failed(error.to_string()))
    }
}
