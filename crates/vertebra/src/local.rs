//! The local systems of the demonstration: two practices, a hospital and an ambulance trust, beside
//! the exchange in one process, but with no more of it than addresses and credentials.

use std::path::Path;

use bars::HealthcareService;
use base::{Clock, Dice};
use desk::{Card, Desk, Papers, Stop};
use nhs::directory::{Contract, Party, Pattern};
use serde_json::{Value, json};
use store::{Store, Transaction};
use tokio::task::JoinSet;

use crate::credentials::{certificates, keys};
use crate::model::party_records;
use crate::nation::organisations::party_key;

/// What a local system is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// That of a general practice.
    Practice,
    /// That of a hospital with an emergency department.
    Hospital,
    /// That of an ambulance trust.
    Ambulance,
}

/// A local system: who it is, and what it may do.
pub(crate) struct Local {
    /// Its name, which is also that of its folder and of its client.
    pub(crate) name: &'static str,
    /// What it is.
    pub(crate) kind: Kind,
    /// The name of its organisation.
    pub(crate) title: &'static str,
    /// The code of that organisation.
    pub(crate) organisation: &'static str,
    /// Its accredited id.
    pub(crate) system: &'static str,
    /// What it may have access tokens for.
    pub(crate) scopes: &'static [&'static str],
    /// What it may do beyond that.
    pub(crate) grants: &'static [&'static str],
    /// The service that it answers for, by id and name; none when it takes no referrals.
    pub(crate) service: Option<(&'static str, &'static str)>,
}

const DEMOGRAPHICS: &str = "urn:nhsd:apim:app:level3:personal-demographics-service";
const REFERRALS: &str = "urn:nhsd:apim:app:level3:booking-and-referral";

/// How often, how soon and for how long a message is sent again that nobody acknowledged: sooner
/// than on the national broker, so that a story does not last for hours.
const RETRIES: u32 = 5;
const RETRY_INTERVAL: &str = "PT1S";
const PERSIST_DURATION: &str = "PT1M";

/// How often a practice looks whether somebody is late, in seconds.
const LOOK_EVERY_S: u64 = 30;

/// The local systems.
pub(crate) const LOCALS: [Local; 4] = [
    Local {
        name: "hill-road",
        kind: Kind::Practice,
        title: "Hill Road Surgery",
        organisation: "Y90001",
        system: "200000009001",
        scopes: &[DEMOGRAPHICS],
        grants: &["app-restricted-update"],
        service: None,
    },
    Local {
        name: "riverside",
        kind: Kind::Practice,
        title: "Riverside Practice",
        organisation: "Y90002",
        system: "200000009002",
        scopes: &[DEMOGRAPHICS],
        grants: &["app-restricted-update"],
        service: None,
    },
    Local {
        name: "northern-vale",
        kind: Kind::Hospital,
        title: "Northern Vale University Hospitals",
        organisation: "R1X",
        system: "200000001007",
        scopes: &[REFERRALS],
        grants: &[],
        service: Some(("2000072489", "Northern Vale Emergency Department")),
    },
    Local {
        name: "pennine-ambulance",
        kind: Kind::Ambulance,
        title: "Pennine and Coast Ambulance Service",
        organisation: "RX9Z",
        system: "200000001012",
        scopes: &[REFERRALS],
        grants: &[],
        service: Some(("2000072490", "Pennine and Coast 999")),
    },
];

impl Kind {
    /// Its name in `credentials.json`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Practice => "gp",
            Self::Hospital => "hospital",
            Self::Ambulance => "ambulance",
        }
    }
}

impl Local {
    /// Whether it has an API key: it asks the directory.
    pub(crate) fn has_api_key(&self) -> bool {
        self.kind == Kind::Practice
    }
}

/// The local system of a name.
pub(crate) fn named(name: &str) -> Option<&'static Local> {
    LOCALS.iter().find(|local| local.name == name)
}

/// Where the local systems find the exchange, each as `scheme://host:port`.
pub(crate) struct At<'a> {
    /// Over plain HTTP, with access tokens.
    pub(crate) plain: &'a str,
    /// Over TLS, with certificates: the message broker asks for one. None where no TLS is spoken.
    pub(crate) secure: Option<&'a str>,
}

/// The local systems, running.
#[derive(Default)]
pub(crate) struct Locals {
    rows: Vec<Value>,
    services: Vec<HealthcareService>,
    parties: Vec<Party>,
    running: JoinSet<()>,
    stop: Stop,
}

impl Locals {
    /// Starts them all: their folders are in the data folder. The directory learns where the
    /// services are that they answer for.
    ///
    /// # Errors
    /// When one cannot have its folder, its key or its door, or the store fails.
    pub(crate) async fn start(data: &Path, at: &At<'_>, store: &Store) -> Result<Self, String> {
        let mut locals = Self::default();
        for local in &LOCALS {
            let named = |why| format!("{}: {why}", local.name);
            locals.open(local, data, at).await.map_err(named)?;
        }
        let services = locals.services.iter().map(bars::record);
        let parties = locals.parties.iter().flat_map(party_records);
        let moved = services.chain(parties).filter(|record| {
            // A directory that cannot be read says so when it is written to.
            let known = store.directory().get(record.kind, &record.id).unwrap_or_default();
            known.as_deref() != record.body.as_deref()
        });
        let transaction = moved.fold(Transaction::new(), Transaction::record);
        store.commit(transaction).await.map_err(|error| error.to_string())?;
        Ok(locals)
    }

    async fn open(&mut self, local: &Local, data: &Path, at: &At<'_>) -> Result<(), String> {
        let folder = data.join("local").join(local.name);
        let desk = Desk::open(card(local, data, at), &folder, Clock::System, Dice::System)?;
        let secret = desk.control_secret().expose().clone();
        let mut row = json!({
            "name": local.name,
            "kind": local.kind.name(),
            "title": local.title,
            "organisation": local.organisation,
            "system": local.system,
        });
        let stop = self.stop.clone();
        let (service, _) = local.service.unwrap_or_default();
        let doors = match local.kind {
            Kind::Practice => {
                let (doors, running) = gp::open(desk, handler(local, at), stop).await?;
                self.running.spawn(running);
                self.parties.push(party(local, &doors.systems));
                doors
            }
            Kind::Hospital => {
                let (doors, running) = hospital::open(desk, service, stop).await?;
                self.running.spawn(running);
                doors
            }
            Kind::Ambulance => {
                let (doors, running) = ambulance::open(desk, service, stop).await?;
                self.running.spawn(running);
                doors
            }
        };
        if let Some(row) = row.as_object_mut() {
            row.insert("control_url".into(), doors.control.into());
            row.insert("control_secret".into(), secret.into());
            row.insert("url".into(), doors.systems.clone().into());
            if local.service.is_some() {
                row.insert("service".into(), service.into());
            }
        }
        self.services.extend(local.service.map(|(id, name)| HealthcareService {
            id: id.to_owned(),
            system: nhs::url::DOS_SERVICE_ID.to_owned(),
            name: name.to_owned(),
            organisation: local.organisation.to_owned(),
            url: format!("{}{}", doors.systems, desk::bars::BASE),
            private: true,
            closed: false,
        }));
        self.rows.push(row);
        Ok(())
    }

    /// Their rows in `credentials.json`.
    pub(crate) fn rows(&self) -> &[Value] {
        &self.rows
    }

    /// Stops them all.
    pub(crate) async fn stop(mut self) {
        self.stop.cancel();
        while self.running.join_next().await.is_some() {}
    }
}

/// Where the messages of a practice are posted to, and which it takes.
fn party(local: &Local, door: &str) -> Party {
    let gp2gp = |action: &str| format!("{}:{action}", gp::SERVICE);
    Party {
        key: party_key(local.system, local.organisation),
        organisation: local.organisation.to_owned(),
        address: format!("{door}{}/intermediary", spine::reliable::BASE),
        private: true,
        contract: vec![Contract {
            cpa: cpa(local),
            pattern: Pattern::ForwardReliable,
            interactions: gp::INTERACTIONS.iter().map(|action| gp2gp(action)).collect(),
            retries: RETRIES,
            retry_interval: RETRY_INTERVAL.to_owned(),
            persist_duration: PERSIST_DURATION.to_owned(),
        }],
        ..Party::default()
    }
}

/// How a practice exchanges messages. It looks for late ones sooner than in the country.
fn handler(local: &Local, at: &At<'_>) -> gp::Handler {
    let own = party_key(local.system, local.organisation);
    let mut handler = gp::Handler::new(own, at.secure.unwrap_or(at.plain).to_owned());
    handler.patience.look_every_s = LOOK_EVERY_S;
    handler
}

/// The contract under which a practice takes messages.
fn cpa(local: &Local) -> String {
    format!("S20001A{}", local.system.get(6..).unwrap_or_default())
}

fn card(local: &Local, data: &Path, at: &At<'_>) -> Card {
    Card {
        name: local.name.to_owned(),
        title: local.title.to_owned(),
        organisation: local.organisation.to_owned(),
        system: local.system.to_owned(),
        exchange: at.plain.to_owned(),
        token_url: format!("{}/oauth2/token", at.plain),
        client: local.name.to_owned(),
        kid: keys::KID.to_owned(),
        key_file: keys::key_file(data, local.name),
        api_key_file: local.has_api_key().then(|| keys::api_key_file(data, local.name)),
        papers: at.secure.and_then(|_| papers(local, data)),
    }
}

/// What a system shows over TLS, and whom it believes. An operator's own certificate is one of an
/// authority that the machine believes, and the demonstration has made none.
fn papers(local: &Local, data: &Path) -> Option<Papers> {
    let (certificate_file, key_file) = certificates::files(data, local.name);
    let authority_file = data.join("demo").join("ca.pem");
    authority_file.exists().then_some(Papers { certificate_file, key_file, authority_file })
}
