//! Authorisation codes: what was found out about a person, sealed, for one client to have once.

use base::Fault;
use base::limit::CODE_S_MAX;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::faults::from_store;
use crate::waiting::Waiting;
use crate::{House, User};

const PURPOSE: &str = "code";
/// The kind of the codes in the ledger of what is good once.
const USED: &str = "code of the sign-in";

/// What a code stands for.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Code {
    /// Its own name.
    id: String,
    /// What was asked for.
    pub(crate) asked: Waiting,
    /// What the person signed in with.
    pub(crate) sign_in: String,
    /// The level that they were signed in at.
    pub(crate) level: String,
    /// The name of the session.
    pub(crate) session: String,
    /// When that was, in seconds since 1970.
    pub(crate) at_s: i64,
}

impl Code {
    /// A code for a person who has just signed in.
    pub(crate) fn new(house: &House, asked: Waiting, user: &User, level: &str) -> Self {
        let name = || house.given.dice.uuid().to_string();
        Self {
            id: name(),
            asked,
            sign_in: user.sign_in.clone(),
            level: level.to_owned(),
            session: name(),
            at_s: house.now_s(),
        }
    }

    /// The code as the client gets it.
    pub(crate) fn seal(&self, house: &House) -> Option<String> {
        house.given.seals.seal(&house.purpose(PURPOSE), self)
    }

    /// What a code stands for, while it is good.
    pub(crate) fn open(house: &House, sealed: &str) -> Option<Self> {
        let code: Self = house.given.seals.open(&house.purpose(PURPOSE), sealed)?;
        (code.at_s + CODE_S_MAX > house.now_s()).then_some(code)
    }

    /// Uses the code up; whether it was not used before.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn spend(&self, house: &House) -> Result<bool, Fault> {
        let until = Timestamp::from_second(self.at_s + CODE_S_MAX).unwrap_or(Timestamp::MAX);
        let spent = house.given.store.spent().spend(USED, &self.id, until).await;
        spent.map_err(from_store)
    }
}
