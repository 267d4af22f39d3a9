//! The wiring: which APIs there are and what each is given. The only place that knows them all.

use std::path::Path;
use std::sync::Arc;

use base::limit::JWKS_BYTES_MAX;
use base::{Clock, Dice, Fault, Kind};
use broker::{Broker, Pusher};
use courier::Courier;
use security::{AccessTokens, Meters};
use service::Registry;
use store::Store;
use travel::Recorder;

use crate::config::Config;
use crate::inside::Inside;
use crate::issuers::issuers;

/// Opens the store of a data folder.
///
/// # Errors
/// Why it cannot be opened.
pub(crate) fn open_store(folder: &Path) -> Result<Store, String> {
    Store::open(folder, Clock::System, &Dice::System).map_err(|error| error.to_string())
}

/// What the APIs work with, once wired.
pub(crate) struct House {
    /// The APIs.
    pub(crate) registry: Registry,
    /// What PDS works with.
    pub(crate) pds: pds::House,
    /// What messages and events go through.
    pub(crate) broker: Broker,
    /// What takes messages of HL7 version 2.
    pub(crate) mllp: mllp::House,
    /// What carries messages to endpoints.
    pub(crate) pusher: Pusher,
    /// What notes what travelled.
    pub(crate) recorder: Recorder,
}

/// What the house is built on, beside its store.
pub(crate) struct Site<'a> {
    /// Where callers find it, each as `http://host:port`, the preferred one first.
    pub(crate) origins: &'a [String],
    /// What calls others.
    pub(crate) courier: &'a Courier,
    /// What issues and checks access tokens.
    pub(crate) access: AccessTokens,
    /// What counts calls.
    pub(crate) meters: &'a Arc<Meters>,
    /// Whether testers may do more.
    pub(crate) demonstration: bool,
}

/// Wires the APIs to a store. Adding an API is one line here.
///
/// # Errors
/// When the directory in the store cannot be understood.
pub(crate) fn wire(store: &Store, config: &Config, site: &Site<'_>) -> Result<House, String> {
    let (clock, dice) = (Clock::System, Dice::System);
    let origin = site.origins.first().map_or("", String::as_str);
    let inside = Inside::default();
    let (believed, sign_ins) = issuers(store, config, site, &inside)?;
    let identity = identity(store, site).believing(believed);
    let settings = broker::Settings::default();
    let broker = Broker::new(store.clone(), clock.clone(), dice.clone(), settings)
        .map_err(|error| error.to_string())?;
    let pds = pds::House::new(store.clone(), clock.clone(), dice.clone())
        .publishing(broker.clone(), origin)
        .requiring_asid(config.require_asid);
    let mns = mns::House::new(broker.clone(), clock.clone(), dice.clone());
    let mesh = mesh::House::new(broker.clone(), clock.clone(), dice)
        .with_tracer(tracer(&pds))
        .open(config.open)
        .requiring_certificates(config.mesh_require_certificate)
        .demonstration(site.demonstration);
    let recorder = Recorder::new(store.clone(), clock.clone());
    let conversations = conversations::House::new(recorder.clone(), broker.clone(), clock.clone())
        .naming(nhs::interaction::words)
        .behind(&["Spine reliable messaging", "Message Exchange for Social Care and Health"])
        .open(config.open || (site.demonstration && config.listen.ip().is_loopback()));
    let sds = sds::House::new(store.clone(), Dice::System, messages_at(site.origins));
    let bars = bars::House::new(store.clone(), clock.clone(), site.courier.relay())
        .recorded_by(recorder.clone());
    let spine = spine::reliable::House::new(broker.clone(), clock.clone(), site.courier.relay())
        .answering(demographics(&pds));
    let pusher = spine.pusher(site.courier.pusher());
    let questions =
        spine::sync::House::new(store.clone(), clock.clone(), Dice::System, demographics(&pds));
    let mllp = mllp::House::new(broker.clone(), clock.clone()).open(config.open);
    let messages = messages::House::new(broker.clone(), clock).open(config.open);
    let mut services = vec![
        identity::service(&identity),
        pds::service(&pds),
        mesh::service(&mesh),
        mns::service(&mns),
        bars::service(&bars),
        spine::reliable::service(&spine),
        sds::service(&sds),
        messages::service(&messages),
        conversations::service(&conversations),
        audit::service(&audit::House::new(store.clone(), Clock::System)),
    ];
    services.extend(mesh::controls(&mesh));
    services.extend(sign_ins);
    services.extend(spine::sync::services(&questions));
    let registry = Registry::new(services);
    inside.open(&registry);
    Ok(House { registry, pds, broker, mllp, pusher, recorder })
}

/// Where message handlers find the house: over TLS, if anywhere.
fn messages_at(origins: &[String]) -> &str {
    let secure = origins.iter().find(|origin| origin.starts_with("https://"));
    secure.or(origins.first()).map_or("", String::as_str)
}

/// The token service, and how it gets the public keys of clients.
fn identity(store: &Store, site: &Site<'_>) -> identity::House {
    let courier = site.courier.clone();
    let fetch = identity::keys::fetch(move |at: identity::keys::KeysUrl| {
        let courier = courier.clone();
        async move { courier.fetch(&at.url, at.private, JWKS_BYTES_MAX).await }
    });
    let (clock, dice) = (Clock::System, Dice::System);
    identity::House::new(store.clone(), clock, dice, site.access.clone(), site.origins)
        .fetching_keys(fetch)
        .metered_by(Arc::clone(site.meters))
}

/// What the mailboxes learn of a patient's practice from the demographics.
fn tracer(pds: &pds::House) -> mesh::Tracer {
    let pds = pds.clone();
    Arc::new(move |person, request| {
        let described = pds::Described {
            number: &person.nhs_number,
            born: &person.born,
            family: &person.family,
        };
        let traced = pds::trace_practice(&pds, request, described)?;
        let problem = |untraced| match untraced {
            pds::Untraced::NoNumber => mesh::TraceProblem::NoNumber,
            pds::Untraced::NotFound => mesh::TraceProblem::NotFound,
            pds::Untraced::NotThem => mesh::TraceProblem::NotThem,
            pds::Untraced::NoPractice => mesh::TraceProblem::NoPractice,
        };
        Ok(mesh::Trace { practice: traced.practice.map_err(problem), access: traced.access })
    })
}

/// What is answered over SOAP, decided by the demographics.
fn demographics(pds: &pds::House) -> spine::sync::Demographics {
    use spine::sync::{Decided, Unfound, Wanted};
    let unfound = |fault: Fault| match fault.code() {
        "RESOURCE_NOT_FOUND" => Unfound::Nobody,
        "INVALIDATED_RESOURCE" | "INVALID_RESOURCE_ID" => Unfound::NoNumber,
        "TOO_MANY_MATCHES" => Unfound::Several,
        _ if matches!(fault.kind(), Kind::Incorrect) => Unfound::NotAQuestion,
        _ if matches!(fault.kind(), Kind::Forbidden | Kind::Unauthenticated) => Unfound::Forbidden,
        _ => Unfound::Failed(fault),
    };
    let pds = pds.clone();
    Arc::new(move |request, interaction, wanted| {
        let pds = pds.clone();
        Box::pin(async move {
            let shown = match wanted {
                Wanted::Described(query) => {
                    pds::trace_patient(&pds, &request, interaction, &query).await
                }
                Wanted::Numbered(number) => pds::show_patient(&pds, &request, interaction, &number),
            };
            Decided { patient: shown.patient.map_err(unfound), access: shown.access }
        })
    })
}

/// The threads that everything runs on.
///
/// # Errors
/// When the system gives none.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, String> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("cannot start threads: {error}"))
}
