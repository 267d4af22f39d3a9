//! Scenarios: what is asked, what comes of it, and what the chain says of the asking. Whatever is
//! answered is held against the published specification.

use base::limit::AUDIT_LINES_A_PAGE_MAX;
use base::{Clock, Dice};
use http::{HeaderMap, HeaderValue, Method};
use security::{Gate, Tokens};
use serde_json::{Value, json};
use service::route::Incoming;
use service::{Service, Upload};
use store::{Access, Store, Transaction};
use tempfile::TempDir;

use crate::{BASE, House, service};

const ORIGIN: &str = "http://127.0.0.1:8600";
const TOKENS: &str = r#"
[[token]]
token = "auditor"
mode = "application"
client = "auditor"
organisation = "A1"
grants = ["read-audit"]

[[token]]
token = "guardian"
mode = "worker"
client = "portal"
user = "555"
grants = ["read-audit"]

[[token]]
token = "clerk"
mode = "application"
client = "clerk"

[[token]]
token = "nurse"
mode = "worker"
client = "ward"
user = "556"

[[token]]
token = "patient"
mode = "patient"
client = "phone"
user = "1"
patient = "1"
"#;

struct Trial {
    store: Store,
    clock: Clock,
    service: Service,
    document: Value,
    gate: Gate,
    _folder: TempDir,
}

struct Heard {
    status: u16,
    body: Value,
}

impl Trial {
    fn new(open: bool) -> Self {
        let folder = TempDir::new().unwrap();
        let clock = Clock::stopped("2026-11-22T10:00:00Z".parse().unwrap());
        let store = Store::open(folder.path(), clock.clone(), &Dice::seeded(1)).unwrap();
        let service = service(&House::new(store.clone(), clock.clone()));
        let tokens = Tokens::from_toml(TOKENS).unwrap();
        Self {
            document: service.openapi(ORIGIN),
            gate: if open { Gate::open(tokens) } else { Gate::closed(tokens) },
            store,
            clock,
            service,
            _folder: folder,
        }
    }

    /// Notes that a client looked at these patients' records, an hour after the last.
    async fn looked(&self, client: &str, patients: &[&str]) {
        self.clock.advance_ms(3_600_000);
        let audit = self.store.audit();
        let access = Access {
            at: self.clock.now(),
            service: "demographics".into(),
            interaction: "get-patient".into(),
            mode: "worker".into(),
            client: client.into(),
            subjects: patients.iter().map(|patient| audit.pseudonym(patient)).collect(),
            outcome: 200,
            ..Access::default()
        };
        self.store.commit(Transaction::new().access(access)).await.unwrap();
    }

    async fn ask(&self, token: &str, target: &str) -> Heard {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let mut headers = HeaderMap::new();
        if !token.is_empty() {
            let value = HeaderValue::from_str(&format!("Bearer {token}")).unwrap();
            headers.insert("authorization", value);
        }
        headers.insert("x-request-id", HeaderValue::from_static("asked"));
        let incoming = Incoming {
            method: Method::GET,
            path: format!("{BASE}{path}"),
            query: pairs.map(|(name, value)| (name.into(), value.into())).collect(),
            headers,
            body: bytes::Bytes::new(),
            upload: Upload::none(),
            origin: ORIGIN.into(),
        };
        let outcome = self.service.call(&self.gate, incoming).await;
        let body = serde_json::from_slice(&outcome.reply.body).unwrap();
        let heard = Heard { status: outcome.reply.status.as_u16(), body };
        self.conforms(outcome.interaction, &heard);
        heard
    }

    fn conforms(&self, interaction: &str, heard: &Heard) {
        let Some(known) = self.service.interactions.iter().find(|i| i.name == interaction) else {
            return;
        };
        let documented =
            &self.document["paths"][known.path]["get"]["responses"][heard.status.to_string()];
        let schema = &documented["content"][fhir::MEDIA_TYPE]["schema"];
        assert!(schema.is_object(), "{interaction} may not answer {}", heard.status);
        let whole = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "allOf": [schema],
            "components": self.document["components"],
        });
        let validator = jsonschema::options().should_validate_formats(true).build(&whole).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&heard.body).map(|error| format!("{error}")).collect();
        assert!(errors.is_empty(), "{errors:#?} in {:#}", heard.body);
    }

    /// The newest line of the chain.
    fn newest(&self) -> Access {
        let mut newest = None;
        let take = &mut |_: u64, line: &str| {
            newest = serde_json::from_str(line).ok();
            false
        };
        self.store.audit().read_back(u64::MAX, take).unwrap();
        newest.unwrap()
    }

    fn lines(&self) -> u64 {
        self.store.audit().head().unwrap().0
    }
}

impl Heard {
    /// The ids of the events on a page.
    fn ids(&self) -> Vec<&str> {
        let entries = self.body["entry"].as_array().map(Vec::as_slice).unwrap_or_default();
        entries.iter().map(|entry| entry["resource"]["id"].as_str().unwrap()).collect()
    }

    /// Where the next page is.
    fn next(&self) -> Option<&str> {
        let links = self.body["link"].as_array().unwrap();
        let next = links.iter().find(|link| link["relation"] == "next")?;
        next["url"].as_str().unwrap().strip_prefix(ORIGIN)?.strip_prefix(BASE)
    }
}

#[tokio::test]
async fn a_patient_sees_who_looked_at_their_record() {
    let trial = Trial::new(false);
    trial.looked("ward", &["1"]).await;
    trial.looked("ward", &["2"]).await;
    trial.looked("practice", &["2", "1"]).await;
    for given in ["1", "Patient/1"] {
        let heard = trial.ask("patient", &format!("/AuditEvent?patient={given}")).await;
        assert_eq!(heard.status, 200);
        // Their own earlier look is in it too.
        let ids = heard.ids();
        assert_eq!(ids[ids.len() - 2..], ["2", "0"], "{ids:?}");
    }
    let heard = trial.ask("patient", "/AuditEvent?patient=1&_count=1&before=4").await;
    let event = &heard.body["entry"][0]["resource"];
    assert_eq!(event["agent"][0]["who"]["reference"], "Patient/1", "they looked themselves");
    let heard = trial.ask("patient", "/AuditEvent?patient=1&_count=1&before=3").await;
    let event = &heard.body["entry"][0]["resource"];
    assert_eq!(event["entity"][0]["what"]["identifier"]["value"].as_str().unwrap().len(), 32);
    assert_eq!(event["entity"][1]["what"]["reference"], "Patient/1");
    assert_eq!(event["agent"][0]["who"]["identifier"]["value"], "practice");
}

#[tokio::test]
async fn nobody_sees_what_they_may_not_and_that_is_noted() {
    let trial = Trial::new(false);
    trial.looked("ward", &["2"]).await;
    for target in ["/AuditEvent", "/AuditEvent?patient=2", "/AuditEvent?patient=Patient/2"] {
        let heard = trial.ask("patient", target).await;
        assert_eq!(heard.status, 403, "{target}");
        assert!(!heard.body.to_string().contains("ward"));
        let noted = trial.newest();
        assert_eq!((noted.outcome, noted.interaction.as_str()), (403, "search-audit-event"));
        let named = target.contains('=').then(|| trial.store.audit().pseudonym("2"));
        assert_eq!(noted.subjects, named.into_iter().collect::<Vec<_>>());
        assert_eq!(noted.user, trial.store.audit().pseudonym("1"), "no identifier is on the chain");
    }
    assert_eq!(trial.ask("patient", "/AuditEvent/0").await.status, 404);
    assert_eq!(trial.newest().outcome, 404);
    let before = trial.lines();
    for (token, status) in [("clerk", 403), ("nurse", 403), ("", 401), ("thief", 401)] {
        for target in ["/AuditEvent?patient=2", "/AuditEvent/0"] {
            assert_eq!(trial.ask(token, target).await.status, status, "{token} {target}");
        }
    }
    assert_eq!(trial.lines(), before, "who is not let in sees nothing to note");
}

#[tokio::test]
async fn who_was_granted_it_sees_all_and_each_look_is_noted() {
    let trial = Trial::new(false);
    trial.looked("ward", &["1"]).await;
    trial.looked("ward", &["2"]).await;
    assert_eq!(trial.ask("auditor", "/AuditEvent").await.ids(), ["1", "0"]);
    let noted = trial.newest();
    let Access { service, interaction, client, organisation, request, .. } = noted;
    let noted = [service, interaction, client, organisation, request];
    assert_eq!(noted, ["audit", "search-audit-event", "auditor", "A1", "asked"]);
    assert_eq!(trial.ask("guardian", "/AuditEvent?patient=2").await.ids(), ["1"]);
    assert_eq!(trial.newest().subjects, [trial.store.audit().pseudonym("2")]);
    let heard = trial.ask("guardian", "/AuditEvent/0").await;
    assert_eq!((heard.status, &heard.body["id"]), (200, &json!("0")));
    assert_eq!(trial.newest().interaction, "read-audit-event");
    assert_eq!(trial.newest().subjects, [trial.store.audit().pseudonym("1")]);
    for id in ["99", "-1", "x", "18446744073709551615", "18446744073709551616"] {
        let heard = trial.ask("auditor", &format!("/AuditEvent/{id}")).await;
        assert_eq!(heard.status, 404, "{id}");
    }
}

#[tokio::test]
async fn an_open_house_shows_it_to_anybody() {
    let trial = Trial::new(true);
    trial.looked("ward", &["1"]).await;
    assert_eq!(trial.ask("", "/AuditEvent?patient=1").await.ids(), ["0"]);
    assert_eq!(trial.ask("nurse", "/AuditEvent?patient=1").await.status, 403, "a token counts");
}

#[tokio::test]
async fn dates_bound_what_is_found() {
    let trial = Trial::new(false);
    for _ in 0..30 {
        trial.looked("ward", &["1"]).await;
    }
    // One an hour, from 11:00 on the 22nd: the 14th is at midnight.
    let cases = [
        ("date=2026-11-22", (0..13).rev().collect::<Vec<u64>>()),
        ("date=le2026-11-22", (0..13).rev().collect()),
        ("date=ge2026-11-23&date=le2026-11-23", (13..30).rev().collect()),
        ("date=ge2026-11-23T15:00:00Z", (28..30).rev().collect()),
        ("date=2026-11-21", vec![]),
    ];
    for (date, due) in cases {
        let heard = trial
            .ask("auditor", &format!("/AuditEvent?patient=1&{date}&_count=100&before=30"))
            .await;
        let due: Vec<String> = due.iter().map(u64::to_string).collect();
        assert_eq!(heard.ids(), due, "{date}");
        assert!(heard.next().is_none(), "{date}");
    }
}

#[tokio::test]
async fn pages_lead_to_every_event_once() {
    let trial = Trial::new(false);
    for turn in 0..25 {
        trial.looked("ward", &[if turn % 2 == 0 { "1" } else { "2" }]).await;
    }
    for count in [1, 4, 13, 100] {
        let mut target =
            format!("/AuditEvent?patient=1&_count={count}&date=ge2026-11-22&before=25");
        let mut seen = Vec::new();
        loop {
            let heard = trial.ask("auditor", &target).await;
            assert!(heard.ids().len() <= count);
            seen.extend(heard.ids().into_iter().map(str::to_owned));
            match heard.next() {
                Some(next) => target = next.to_owned(),
                None => break,
            }
        }
        let due: Vec<String> =
            (0..25).rev().filter(|n| n % 2 == 0).map(|n| n.to_string()).collect();
        assert_eq!(seen, due, "{count} a page");
    }
}

#[tokio::test]
async fn a_page_looks_at_so_many_lines_and_no_more() {
    let trial = Trial::new(false);
    trial.looked("ward", &["1"]).await;
    let first = trial.clock.now();
    trial.clock.advance_ms(1);
    let subjects = vec![trial.store.audit().pseudonym("2")];
    let access = Access { at: trial.clock.now(), subjects, ..Access::default() };
    let many = AUDIT_LINES_A_PAGE_MAX as u64 + 10;
    for _ in 0..many.div_ceil(1000) {
        let all = (0..1000).fold(Transaction::new(), |all, _| all.access(access.clone()));
        trial.store.commit(all).await.unwrap();
    }
    let heard = trial.ask("auditor", "/AuditEvent?patient=1").await;
    assert_eq!((heard.ids(), heard.next()), (vec!["0"], None), "however far back");
    for patient in ["", "&patient=2"] {
        let heard = trial.ask("auditor", &format!("/AuditEvent?date=le{first}{patient}")).await;
        assert_eq!(heard.ids(), Vec::<&str>::new());
        let heard = trial.ask("auditor", heard.next().unwrap()).await;
        let due = if patient.is_empty() { vec!["0"] } else { Vec::new() };
        assert_eq!((heard.ids(), heard.next()), (due, None));
    }
}

#[tokio::test]
async fn the_published_table_has_every_fault_that_an_interaction_names() {
    let trial = Trial::new(false);
    for interaction in &trial.service.interactions {
        for fault in &interaction.faults {
            assert!(trial.service.fault_row(fault).is_some(), "{fault}");
        }
    }
}
