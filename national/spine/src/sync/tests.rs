use std::sync::Arc;

use base::{Clock, Dice, Fault, Kind};
use bytes::Bytes;
use hl7v3::soap::Envelope;
use hl7v3::wrapper::{Transmission, device};
use http::{HeaderMap, Method};
use nhs::directory::{SYSTEM, System};
use security::{Caller, Mode};
use serde_json::json;
use service::{Answer, Request, Upload};
use store::directory::Record;
use store::{Access, Store, Transaction};

use super::ask::ask;
use super::wsdl::EXAMPLE;
use super::{Decided, House, Unfound, Wanted};

const ASID: &str = "200000001001";
const RETRIEVAL: &str = "<query><person.id><value root=\"2.16.840.1.113883.2.1.4.1\" \
    extension=\"9000000009\"/></person.id></query>";

struct Trial {
    house: House,
    _folder: tempfile::TempDir,
}

/// Services whose demographics know one patient by number, and several by description.
async fn trial(interactions: &[&str]) -> Trial {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::stopped("2026-01-02T03:04:05Z".parse().unwrap());
    let store = Store::open(folder.path(), clock.clone(), &Dice::seeded(1)).unwrap();
    let system = System {
        asid: ASID.into(),
        organisation: "Y12345".into(),
        interactions: interactions.iter().map(|one| (*one).to_owned()).collect(),
        ..System::default()
    };
    let body = Some(json!(system).to_string());
    let record = Record { kind: SYSTEM, id: ASID.into(), body };
    store.commit(Transaction::new().record(record)).await.unwrap();
    let demographics: super::Demographics = Arc::new(|_, interaction, wanted| {
        let patient = match &wanted {
            Wanted::Numbered(number) if number == "9000000009" => Ok(json!({ "id": number })),
            Wanted::Numbered(number) if number == "1" => {
                Err(Unfound::Failed(Fault::new(Kind::Busy, "X", "")))
            }
            Wanted::Numbered(number) if number == "2" => Err(Unfound::Forbidden),
            Wanted::Numbered(_) => Err(Unfound::Nobody),
            Wanted::Described(_) => Err(Unfound::Several),
        };
        let access = Access { interaction: interaction.into(), ..Access::default() };
        Box::pin(async move { Decided { patient, access } })
    });
    let house = House::new(store, clock, Dice::seeded(2), demographics);
    Trial { house, _folder: folder }
}

fn caller(system: &str) -> Caller {
    Caller { mode: Mode::System, system: system.into(), ..Caller::application("a-system".into()) }
}

async fn post(trial: &Trial, caller: Caller, body: &str, action: &str) -> Answer {
    let mut headers = HeaderMap::new();
    headers.insert("soapaction", action.parse().unwrap());
    let request = Request {
        method: Method::POST,
        path: "/sync-service".into(),
        path_values: Vec::new(),
        query: Vec::new(),
        headers,
        body: Bytes::from(body.to_owned()),
        upload: Upload::none(),
        caller,
        origin: String::new(),
    };
    ask(trial.house.clone(), request).await
}

fn retrieval(number: &str) -> String {
    let (before, rest) = EXAMPLE.split_once("<query>").unwrap();
    let (_, after) = rest.split_once("</query>").unwrap();
    let query = RETRIEVAL.replace("9000000009", number);
    format!("{before}{query}{after}").replace("QUPA_IN000005UK01", "QUPA_IN000008UK02")
}

/// The interaction of an answer, and the codes of what is said about it.
async fn asked(trial: &Trial, body: &str) -> (String, Vec<String>) {
    let reply = post(trial, caller(ASID), body, "").await.unwrap();
    assert_eq!(reply.status, 200);
    let envelope = Envelope::parse(&reply.body).unwrap();
    let to = envelope.header("urn:hl7-org:v3", "communicationFunctionRcv").unwrap();
    assert_eq!(device(to).extension, ASID);
    let message = envelope.body[0].elements().next().unwrap().clone();
    let message = Transmission::read(message).unwrap();
    assert_eq!(message.receiver.extension, ASID);
    assert_eq!(message.acknowledgement.unwrap().of, "5B0A4CE1-9D4E-4E55-8E0C-6B5B7C0F6A11");
    let issues = message.act.unwrap().issues.into_iter().map(|issue| issue.code).collect();
    (message.interaction.extension, issues)
}

#[tokio::test]
async fn a_question_is_answered_or_refused_by_a_message() {
    let trial = trial(&[]).await;
    let refusal = "QUQI_IN010000UK14";
    let rows: [(String, &str, &[&str]); 5] = [
        (retrieval("9000000009"), "QUPA_IN000009UK03", &[]),
        (retrieval("9111231130"), refusal, &["1", "NHSNCC002"]),
        (EXAMPLE.to_owned(), refusal, &["0"]),
        (EXAMPLE.replace("20101022", "2010"), refusal, &["AT001"]),
        (EXAMPLE.replace("<family>Smith</family>", ""), refusal, &["AT002"]),
    ];
    for (body, interaction, issues) in rows {
        let (got, codes) = asked(&trial, &body).await;
        assert_eq!(
            (got.as_str(), codes),
            (interaction, issues.iter().map(|it| (*it).into()).collect())
        );
    }
}

#[tokio::test]
async fn the_audit_line_stands_before_the_answer() {
    let trial = trial(&[]).await;
    let (before, _) = trial.house.store.audit().head().unwrap();
    asked(&trial, &retrieval("9000000009")).await;
    asked(&trial, &EXAMPLE.replace("20101022", "2010")).await;
    let (after, _) = trial.house.store.audit().head().unwrap();
    assert_eq!(after, before + 1, "what was looked at is noted, what was not is not");
}

#[tokio::test]
async fn what_is_no_question_is_a_fault() {
    let trial = trial(&[]).await;
    let other = "urn:nhs:names:services:pdsquery/QUPA_IN000008UK02";
    let rows: Vec<(String, &str, &str)> = vec![
        ("<a>".into(), "", "NOT_WELL_FORMED"),
        ("<!DOCTYPE a><a/>".into(), "", "NOT_WELL_FORMED"),
        ("<a/>".into(), "", "CLIENT"),
        (EXAMPLE.replace("schemas.xmlsoap.org/soap", "example.org/soap"), "", "VERSION_MISMATCH"),
        (
            EXAMPLE.replace("<wsa:To>", "<x soap:mustUnderstand='1'/><wsa:To>"),
            "",
            "MUST_UNDERSTAND",
        ),
        (EXAMPLE.replace("QUPA_IN000005UK01", "QUPA_IN999999UK01"), "", "NOT_SUPPORTED"),
        (EXAMPLE.to_owned(), other, "CLIENT"),
        (EXAMPLE.replace("UK01</wsa:Action>", "UK02</wsa:Action>"), "", "CLIENT"),
        (EXAMPLE.replace("</wsa:To>", "</wsa:To><wsa:To/>"), "", "CLIENT"),
        (EXAMPLE.replace("xmlns=\"urn:hl7-org:v3\"", ""), "", "CLIENT"),
        (EXAMPLE.replace("5B0A4CE1-9D4E-4E55-8E0C-6B5B7C0F6A11", &"A".repeat(300)), "", "CLIENT"),
        (retrieval("1"), "", "BUSY"),
        (retrieval("2"), "", "FORBIDDEN"),
    ];
    for (body, action, code) in rows {
        let fault = post(&trial, caller(ASID), &body, action).await.unwrap_err();
        assert_eq!(fault.code(), code, "{body}");
    }
    let quoted = "\"urn:nhs:names:services:pdsquery/QUPA_IN000005UK01\"";
    assert!(post(&trial, caller(ASID), EXAMPLE, quoted).await.is_ok());
}

#[tokio::test]
async fn a_message_is_from_the_system_that_sends_it_and_the_system_is_registered() {
    let trace = "urn:nhs:names:services:pdsquery:QUPA_IN000005UK01";
    for (interactions, body, who, let_in) in [
        (&[][..], EXAMPLE.to_owned(), caller(ASID), true),
        (&[trace], EXAMPLE.to_owned(), caller(ASID), true),
        (&[trace], retrieval("9000000009"), caller(ASID), false),
        (&[], EXAMPLE.to_owned(), caller("200000001002"), false),
        (&[], EXAMPLE.to_owned(), caller(""), false),
        (&[], EXAMPLE.replacen(ASID, "200000001002", 1), caller(ASID), false),
        (&[], EXAMPLE.replace(ASID, "200000001002"), caller("200000001002"), false),
        (&[], EXAMPLE.to_owned(), Caller { mode: Mode::System, ..Caller::open() }, true),
    ] {
        let trial = trial(interactions).await;
        let answer = post(&trial, who, &body, "").await;
        match answer {
            Ok(_) => assert!(let_in),
            Err(fault) => assert!(!let_in && fault.code() == "FORBIDDEN", "{fault:?}"),
        }
    }
}
