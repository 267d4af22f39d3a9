//! What the API is given to work with.

use base::{Clock, Dice, Fault};
use broker::{Broker, Mailbox};
use serde::{Deserialize, Serialize};
use store::Store;

use crate::faults;
use crate::patient::Tracer;

/// The kind of directory record that holds what a mailbox proves itself with, by its id.
pub const SECRET: &str = "mailbox-secret";

/// What a mailbox proves itself with.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Secret {
    /// The password of the mailbox.
    #[serde(serialize_with = "base::secret::write")]
    pub password: base::Secret<String>,
    /// The key that all mailboxes of an environment share.
    #[serde(serialize_with = "base::secret::write")]
    pub shared_key: base::Secret<String>,
}

/// What the API is given to work with: the broker, the time, chance, and who came in already.
#[derive(Clone)]
pub struct House {
    pub(crate) broker: Broker,
    pub(crate) clock: Clock,
    pub(crate) dice: Dice,
    pub(crate) tracer: Option<Tracer>,
    pub(crate) open: bool,
    pub(crate) demonstration: bool,
    pub(crate) certificates: bool,
}

impl House {
    /// Everything the API needs.
    pub fn new(broker: Broker, clock: Clock, dice: Dice) -> Self {
        Self {
            broker,
            clock,
            dice,
            tracer: None,
            open: false,
            demonstration: false,
            certificates: false,
        }
    }

    /// With somebody who knows the practice of a patient, so that messages can be addressed to it.
    #[must_use]
    pub fn with_tracer(self, tracer: Tracer) -> Self {
        Self { tracer: Some(tracer), ..self }
    }

    /// Whether no token is asked for, so that whoever names a mailbox is taken for its owner.
    #[must_use]
    pub fn open(self, open: bool) -> Self {
        Self { open, ..self }
    }

    /// Whether a mailbox asks for a certificate of its organisation beside the token.
    #[must_use]
    pub fn requiring_certificates(self, certificates: bool) -> Self {
        Self { certificates, ..self }
    }

    /// Whether testers may reset mailboxes and make up reports.
    #[must_use]
    pub fn demonstration(self, demonstration: bool) -> Self {
        Self { demonstration, ..self }
    }

    pub(crate) fn store(&self) -> &Store {
        self.broker.store()
    }

    /// A mailbox by its id, whatever the case.
    pub(crate) fn mailbox(&self, id: &str) -> Option<Mailbox> {
        self.broker.directory().table().mailbox(&id.to_ascii_uppercase()).cloned()
    }

    /// The name of an organisation; empty when the directory has none.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) fn organisation_name(&self, code: &str) -> Result<String, Fault> {
        #[derive(Deserialize)]
        struct Organisation {
            #[serde(default)]
            name: String,
        }
        let body = self.store().directory().get("organisation", code);
        let body = body.map_err(faults::from_store)?.unwrap_or_else(|| "{}".to_owned());
        let organisation: Organisation = serde_json::from_str(&body).map_err(faults::broken)?;
        Ok(organisation.name)
    }
}
