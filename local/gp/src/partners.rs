//! With whom records can be exchanged: the directory says it, and is believed for a while.

use std::collections::HashMap;

use desk::directory::{self, Contract};
use desk::{Conversation, Trouble};
use jiff::Timestamp;
use tokio::sync::Mutex;

use crate::gp2gp::{ACKNOWLEDGE, Partner, REQUEST, SERVICE};
use crate::system::System;

/// How long the directory is believed, in seconds.
const BELIEVED_S: i64 = 900;
/// The most answers that are remembered. With one more, all are forgotten.
const REMEMBERED_MAX: usize = 1_000;

/// What the directory said, and until when it is believed. Only what it found is remembered.
#[derive(Debug, Default)]
pub(crate) struct Partners {
    /// By party key and interaction.
    contracts: Believed<(String, &'static str), Contract>,
    /// By the code of the organisation.
    partners: Believed<String, Partner>,
}

/// Answers, each with until when it is believed.
type Believed<K, V> = Mutex<HashMap<K, (Timestamp, V)>>;

impl System {
    /// The partner that an organisation is; nothing when it takes no requests, or several of its
    /// systems do.
    ///
    /// # Errors
    /// Why the directory did not say.
    pub(crate) async fn partner_at(
        &self,
        conversation: &Conversation,
        organisation: &str,
    ) -> Result<Option<Partner>, Trouble> {
        self.partner(conversation, organisation, REQUEST).await
    }

    /// The partner that a party belongs to; nothing when the directory does not know it.
    ///
    /// # Errors
    /// Why the directory did not say.
    pub(crate) async fn partner_of(
        &self,
        conversation: &Conversation,
        party: &str,
    ) -> Result<Option<Partner>, Trouble> {
        let contract = self.contract(conversation, party, ACKNOWLEDGE).await?;
        let Some(contract) = contract else { return Ok(None) };
        let partner = self.partner(conversation, &contract.organisation, ACKNOWLEDGE).await?;
        Ok(partner.filter(|partner| partner.party == party))
    }

    async fn partner(
        &self,
        conversation: &Conversation,
        organisation: &str,
        interaction: &'static str,
    ) -> Result<Option<Partner>, Trouble> {
        let now = self.desk.clock.now();
        let known = self.partners.partners.lock().await.get(organisation).cloned();
        if let Some((_, partner)) = known.filter(|(until, _)| *until > now) {
            return Ok(Some(partner));
        }
        let named = format!("{SERVICE}:{interaction}");
        let listed = directory::system(&self.desk, conversation, organisation, &named).await?;
        let Some(listed) = listed else { return Ok(None) };
        let organisation = organisation.to_owned();
        let (system, party) = (listed.system, listed.party);
        let partner = Partner { organisation: organisation.clone(), system, party };
        let mut partners = self.partners.partners.lock().await;
        if partners.len() >= REMEMBERED_MAX {
            partners.clear();
        }
        partners.insert(organisation, (self.desk.clock.in_s(BELIEVED_S), partner.clone()));
        Ok(Some(partner))
    }

    /// The contract under which a party takes an interaction; nothing when it does not.
    ///
    /// # Errors
    /// Why the directory did not say.
    pub(crate) async fn contract(
        &self,
        conversation: &Conversation,
        party: &str,
        interaction: &str,
    ) -> Result<Option<Contract>, Trouble> {
        let known = crate::gp2gp::INTERACTIONS.into_iter().find(|known| *known == interaction);
        let Some(interaction) = known else { return Ok(None) };
        let (now, key) = (self.desk.clock.now(), (party.to_owned(), interaction));
        let known = self.partners.contracts.lock().await.get(&key).cloned();
        if let Some((_, contract)) = known.filter(|(until, _)| *until > now) {
            return Ok(Some(contract));
        }
        let named = format!("{SERVICE}:{interaction}");
        let found = directory::contract(&self.desk, conversation, party, &named).await?;
        let Some(contract) = found else { return Ok(None) };
        let mut contracts = self.partners.contracts.lock().await;
        if contracts.len() >= REMEMBERED_MAX {
            contracts.clear();
        }
        contracts.insert(key, (self.desk.clock.in_s(BELIEVED_S), contract.clone()));
        Ok(Some(contract))
    }

    /// How long a message of an interaction may be under way to this practice, in seconds: as its
    /// own contract says, or else as usual.
    pub(crate) async fn persist_s(&self, conversation: &Conversation, interaction: &str) -> i64 {
        let own = self.contract(conversation, &self.handler.party, interaction).await;
        let said = own.ok().flatten().and_then(|contract| contract.persist_s);
        said.unwrap_or(self.handler.patience.persist_s)
    }
}
