//! What a delivery needs when its time has come: a push, a rest, an end.

use jiff::Timestamp;
use store::messages::Delivery;

use crate::broker::Broker;
use crate::directory::Endpoint;
use crate::envelope::{Envelope, Reason};
use crate::health::Permit;
use crate::plan::endpoint_of;
use crate::push::Turn;
use crate::refused::Refused;
use crate::retry::wait;
use crate::state::State;

/// How long those wait whose endpoint an operator has paused, in milliseconds.
const PAUSED_MS: i64 = 600_000;

/// What a delivery needs when its time has come.
pub(crate) enum Need {
    /// A place at its endpoint, where there is none now.
    Place,
    /// A push, for which it has a permit.
    Push(Endpoint),
    /// Rest: its endpoint is paused or not well.
    Rest(Timestamp),
    /// Something else.
    Attention(What),
}

/// What is done about a delivery that is not pushed.
pub(crate) enum What {
    Forget,
    Complete,
    Expire,
    Nowhere,
    Block,
}

impl Broker {
    /// What a delivery needs now. A permit that this gives is to be given back.
    pub(crate) fn need(&self, delivery: &Delivery, now: Timestamp) -> Result<Need, Refused> {
        let state = Self::state(delivery)?;
        if state.is_end() {
            return Ok(Need::Attention(What::Forget));
        }
        if Self::detail(delivery)?.deadline() <= now {
            let whole = state == State::Receiving && self.is_whole(delivery)?;
            return Ok(Need::Attention(if whole { What::Complete } else { What::Expire }));
        }
        let table = self.inner.directory.table();
        let name = endpoint_of(&delivery.status.recipient).0;
        let Some(endpoint) = table.endpoint(name).filter(|endpoint| !endpoint.closed) else {
            return Ok(Need::Attention(What::Nowhere));
        };
        if table.is_parked(name) {
            return Ok(Need::Rest(wait(now, PAUSED_MS)));
        }
        // Before the permit: those that wait for an earlier one take no place at the endpoint.
        if !self.is_first_of_its_key(delivery)? {
            return Ok(Need::Attention(What::Block));
        }
        Ok(match self.inner.endpoints.begin(name, endpoint.pushes_max, now) {
            Permit::Go => Need::Push(endpoint.clone()),
            Permit::Full => Need::Place,
            Permit::Alone(until) => Need::Rest(until),
        })
    }

    /// All parts of a message that is being received are there.
    fn is_whole(&self, delivery: &Delivery) -> Result<bool, Refused> {
        let content = store::contents::ContentId(delivery.id.message().0);
        let content = self.inner.store.contents().get(content)?;
        Ok(content.is_some_and(|content| content.is_whole()))
    }

    /// A delivery's endpoint is gone.
    pub(crate) async fn nowhere(&self, turn: Turn, delivery: &Delivery) -> Result<(), Refused> {
        let id = delivery.id.message();
        let message = self.inner.store.messages().get(id)?.ok_or(Refused::NotFound)?;
        let envelope = Envelope::read(&message.envelope)?;
        let why = "there is no such endpoint any more";
        let transaction =
            self.give_up(delivery, &envelope, State::Dead, Reason::NotDelivered, why)?;
        self.end(turn, delivery, transaction).await.map(|_| ())
    }
}
