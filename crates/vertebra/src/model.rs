//! The directory as an operator writes it, in one TOML file: organisations, systems and clients,
//! and who messages go to ([`exchange`]).
//!
//! Parse, then make sense: every mistake in a file is named at once, and nothing is written until
//! there is none. Applying a file twice changes nothing.

mod certificate;
mod client;
mod exchange;
mod healthcare_service;
mod rates;
mod system;

use std::collections::HashSet;

use nhs::OdsCode;
use nhs::directory::{Party, System};
use security::tokens::revoked::REVOKED_CLIENT;
use serde::{Deserialize, Serialize};
use store::directory::Record;
use store::{Store, StoreError, Transaction};

pub(crate) use certificate::{
    CERTIFICATE, Certificate, REVOKED_CERTIFICATE, Revoked, issued, with_certificates,
};
pub(crate) use client::{CLIENT, Client, KEY_DIGEST, RETIRING, long_enough, with_keys};
pub(crate) use rates::with_rates;
pub(crate) use system::party_records;

/// What a file of the directory says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    /// Who takes part.
    #[serde(default)]
    pub(crate) organisation: Vec<Organisation>,
    /// Their programs.
    #[serde(default)]
    pub(crate) system: Vec<System>,
    /// The message handlers that those exchange messages through.
    #[serde(default)]
    pub(crate) party: Vec<Party>,
    /// The credentials that those call with.
    #[serde(default)]
    pub(crate) client: Vec<Client>,
    /// The certificates that their systems come in by.
    #[serde(default)]
    pub(crate) certificate: Vec<Certificate>,
    /// What can be booked and referred to.
    #[serde(default)]
    pub(crate) healthcare_service: Vec<bars::HealthcareService>,
    /// Who messages go to and come from.
    #[serde(flatten)]
    pub(crate) exchange: exchange::Exchange,
}

/// An organisation: a practice, a trust, a pharmacy.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Organisation {
    /// Its ODS code.
    pub(crate) ods: String,
    /// Its name.
    pub(crate) name: String,
    /// What it is, such as `gp-practice` or `pharmacy`.
    pub(crate) kind: String,
}

/// What applying a file would change.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(crate) struct Difference {
    /// Records that are not there yet, as `kind id`.
    pub(crate) created: Vec<String>,
    /// Records that are there and differ.
    pub(crate) updated: Vec<String>,
    /// How many are there and the same.
    pub(crate) unchanged: usize,
    /// What to write.
    #[serde(skip)]
    pub(crate) records: Vec<Record>,
}

impl Difference {
    /// Everything that is to be written, in one.
    pub(crate) fn transaction(&self) -> Transaction {
        self.records.iter().cloned().fold(Transaction::new(), Transaction::record)
    }
}

impl File {
    /// Reads a file.
    ///
    /// # Errors
    /// What the TOML reader did not understand.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }

    /// The records of the file, in an order in which each stands after what it refers to.
    pub(crate) fn records(&self) -> Vec<Record> {
        let organisations = self.organisation.iter().map(|one| {
            record("organisation", &one.ods.to_ascii_uppercase(), serde_json::to_string(one))
        });
        let systems = self.system.iter().map(system::record);
        let parties = self.party.iter().flat_map(system::party_records);
        let clients = self.client.iter().map(Client::record);
        let certificates = self.certificate.iter().map(Certificate::record);
        let services = self.healthcare_service.iter().map(bars::record);
        organisations
            .chain(systems)
            .chain(parties)
            .chain(clients)
            .chain(certificates)
            .chain(services)
            .chain(self.exchange.records())
            .collect()
    }

    /// What applying the file to a store would change.
    ///
    /// # Errors
    /// Every mistake in the file, one a line; or what the store says.
    pub(crate) fn compare(&self, store: &Store) -> Result<Difference, String> {
        let mistakes = self.mistakes(store).map_err(|error| error.to_string())?;
        if !mistakes.is_empty() {
            return Err(mistakes.join("\n"));
        }
        let mut difference = Difference::default();
        for record in self.records() {
            let label = format!("{} {}", record.kind, record.id);
            let known = store.directory().get(record.kind, &record.id);
            let known = known.map_err(|error| error.to_string())?;
            let record = client::keeping(record, known.as_deref());
            match known {
                None => difference.created.push(label),
                known if known == record.body => {
                    difference.unchanged += 1;
                    continue;
                }
                Some(_) => difference.updated.push(label),
            }
            difference.records.push(record);
        }
        Ok(difference)
    }

    fn mistakes(&self, store: &Store) -> Result<Vec<String>, StoreError> {
        let mut mistakes = self.repeats();
        for one in &self.organisation {
            if OdsCode::parse(&one.ods).is_none() {
                mistakes.push(format!(
                    "organisation {}: an ODS code is 2 to 15 letters and digits",
                    one.ods
                ));
            }
        }
        mistakes.extend(self.system_mistakes(store)?);
        for one in &self.client {
            let here = self.system.iter().any(|known| known.asid == one.system);
            if !here && store.directory().get("system", &one.system)?.is_none() {
                mistakes.push(format!("client {}: there is no system {}", one.id, one.system));
            }
            if store.directory().get(REVOKED_CLIENT, &one.id)?.is_some() {
                let hint = "take it out of the file, or give it another id";
                mistakes.push(format!("client {}: was revoked. hint: {hint}", one.id));
            }
            mistakes.extend(one.mistakes());
        }
        mistakes.extend(client::shared_keys(&self.client));
        mistakes.extend(self.certificate_mistakes(store)?);
        let organisations: HashSet<String> =
            self.organisation.iter().map(|one| one.ods.to_ascii_uppercase()).collect();
        for one in &self.healthcare_service {
            mistakes.extend(healthcare_service::mistakes(one, store, &organisations)?);
        }
        mistakes.extend(self.exchange.mistakes(store, &organisations)?);
        Ok(mistakes)
    }

    fn repeats(&self) -> Vec<String> {
        let mut seen = std::collections::HashSet::new();
        let mut records = self.records();
        records.retain(|record| !seen.insert((record.kind, record.id.clone())));
        records.iter().map(|record| format!("{} {}: named twice", record.kind, record.id)).collect()
    }
}

fn record(kind: &'static str, id: &str, body: Result<String, serde_json::Error>) -> Record {
    // Plain structs of strings always serialise.
    Record { kind, id: id.to_owned(), body: Some(body.unwrap_or_default()) }
}

#[cfg(test)]
mod tests;
