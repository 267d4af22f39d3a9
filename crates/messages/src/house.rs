//! What the API is given to work with.

use base::{Clock, Fault};
use broker::Broker;
use service::Request;
use store::{Access, Transaction};

use crate::{SERVICE, faults};

/// What the API is given to work with: the broker, the time, and whether the house is open.
#[derive(Clone)]
pub struct House {
    pub(crate) broker: Broker,
    pub(crate) clock: Clock,
    pub(crate) open: bool,
}

impl House {
    /// Everything the API needs.
    pub fn new(broker: Broker, clock: Clock) -> Self {
        Self { broker, clock, open: false }
    }

    /// Whether a call without credentials may do everything, as in a sandbox.
    #[must_use]
    pub fn open(self, open: bool) -> Self {
        Self { open, ..self }
    }

    /// The line of the audit chain for what a request does.
    pub(crate) fn access(&self, request: &Request, interaction: &str, outcome: u16) -> Access {
        // Whose message it is, nobody here can tell: the line has no subject.
        Access {
            service: SERVICE.into(),
            interaction: interaction.into(),
            outcome,
            request: request.header("x-request-id").unwrap_or_default().to_owned(),
            ..request.access(&self.broker.store().audit(), self.clock.now())
        }
    }

    /// Notes what a request did on the audit chain, before it is answered.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn note(&self, request: &Request, interaction: &str) -> Result<(), Fault> {
        let access = self.access(request, interaction, 200);
        let noted = self.broker.store().commit(Transaction::new().access(access)).await;
        noted.map_err(faults::from_store)
    }
}
