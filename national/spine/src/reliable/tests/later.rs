use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use base::{Fault, Kind};
use hl7v3::ebxml::{Content, Package};
use hl7v3::wrapper::Transmission;
use hl7v3::xml;
use nhs::directory::Pattern;
use security::Caller;
use serde_json::json;
use store::Access;

use super::trial::{EXCHANGE, Got, NEW, PDS, TRACE, Trial, request};
use crate::sync::{Decided, Demographics, Unfound, Wanted};

const ASID: &str = "200000000001";
const SMITH: &str = "<person.name><value><family>Smith</family></value></person.name>";

/// Demographics that know one Smith, and who asked for them; busy at first, if so.
struct Known {
    busy: AtomicBool,
    asked: Mutex<Vec<Caller>>,
}

async fn trial(busy: bool) -> (Trial, Arc<Known>) {
    let known = Arc::new(Known { busy: AtomicBool::new(busy), asked: Mutex::default() });
    let inside = Arc::clone(&known);
    let demographics: Demographics = Arc::new(move |request, interaction, wanted| {
        let named = |name: &str| {
            let Wanted::Described(all) = &wanted else { return false };
            all.iter().any(|(_, value)| value == name)
        };
        let patient = match &wanted {
            _ if inside.busy.swap(false, Ordering::SeqCst) => {
                Err(Unfound::Failed(Fault::new(Kind::Busy, "X", "")))
            }
            _ if named("Smith") => Ok(json!({ "id": "9000000009" })),
            _ if named("Secret") => Err(Unfound::Forbidden),
            _ => Err(Unfound::Nobody),
        };
        inside.asked.lock().unwrap().push(request.caller.clone());
        let access = Access { interaction: interaction.into(), ..Access::default() };
        Box::pin(async move { Decided { patient, access } })
    });
    (Trial::answering(Some(demographics)).await, known)
}

/// A question for the exchange itself, from the new practice.
fn question(id: &str, asid: &str, criteria: &str) -> Package {
    let mut sent = request(id);
    let header = &mut sent.message.header;
    header.to.id = EXCHANGE.to_owned();
    header.cpa = "S-TRACE".to_owned();
    header.service = PDS.to_owned();
    header.action = TRACE.to_owned();
    header.eliminate_duplicates = false;
    header.ack_requested = None;
    let device = |asid: &str| {
        format!("<device><id root=\"1.2.826.0.1285.0.2.0.107\" extension=\"{asid}\"/></device>")
    };
    let payload = format!(
        "<{TRACE} xmlns=\"urn:hl7-org:v3\"><id root=\"Q-1\"/>\
         <creationTime value=\"20261122100000\"/>\
         <interactionId root=\"2.16.840.1.113883.2.1.3.2.4.12\" extension=\"{TRACE}\"/>\
         <communicationFunctionRcv>{}</communicationFunctionRcv>\
         <communicationFunctionSnd>{}</communicationFunctionSnd>\
         <ControlActEvent><query>{criteria}\
         <person.administrativeGenderCode><value code=\"1\"/></person.administrativeGenderCode>\
         <person.birthTime><value><center value=\"19570108\"/></value></person.birthTime>\
         </query></ControlActEvent></{TRACE}>",
        device("200000009999"),
        device(asid),
    );
    sent.parts[0].body = payload.into_bytes();
    sent
}

/// The action of an answer, the message that it answers, and the codes in its payload.
fn told(got: &Got) -> (String, String, Vec<String>) {
    let package = got.package();
    let header = package.message.header.clone();
    assert_eq!((header.from.id.as_str(), header.to.id.as_str()), (EXCHANGE, NEW));
    let payload = package.payload().unwrap().content().unwrap().into_owned();
    let message = Transmission::read(xml::parse(&payload).unwrap()).unwrap();
    assert_eq!(message.interaction.extension, header.action);
    assert_eq!(message.receiver.extension, ASID);
    assert_eq!(message.acknowledgement.unwrap().of, "Q-1");
    let codes = message.act.unwrap().issues.into_iter().map(|issue| issue.code).collect();
    (header.action, header.ref_to.unwrap(), codes)
}

#[tokio::test]
async fn a_question_is_taken_on_and_its_answer_comes_later() {
    let (trial, known) = trial(false).await;
    let sent = question("M-1", ASID, SMITH);
    let reply = trial.post("/queryrequest", &sent).await;
    assert_eq!((reply.status.as_u16(), reply.body.len()), (202, 0));
    trial.work().await;
    assert_eq!(trial.story(NEW, "M-1"), ["ready", "answered"]);
    assert!(trial.take_got().is_empty(), "the answer is a message of its own");
    trial.work().await;
    let got = trial.take_got();
    assert_eq!(got.len(), 1);
    assert_eq!(got[0].url, format!("http://{NEW}.example/in"));
    assert_eq!(got[0].soap_action, format!("{PDS}/QUPA_IN000011UK02"));
    let expected = ("QUPA_IN000011UK02".to_owned(), "M-1".to_owned(), vec!["3".to_owned()]);
    assert_eq!(told(&got[0]), expected);
    assert!(String::from_utf8_lossy(&got[0].body).contains("9000000009"));
    let asked = known.asked.lock().unwrap();
    assert_eq!(asked[0].system, ASID);
    assert_eq!(asked[0].organisation, "Y11111");
}

#[tokio::test]
async fn under_a_reliable_contract_the_question_is_acknowledged_first() {
    let (trial, _) = trial(false).await;
    trial.exchange_takes(Pattern::AsyncReliable).await;
    let sent = question("M-1", ASID, SMITH);
    let first = trial.post("/reliablerequest", &sent).await;
    assert_eq!(first.status.as_u16(), 202);
    let signal = Package::read("text/xml", &first.body).unwrap().message;
    let Content::Acknowledgment(it) = signal.content else { panic!("no acknowledgment") };
    assert_eq!((it.ref_to.as_str(), signal.header.from.id.as_str()), ("M-1", EXCHANGE));
    let again = trial.post("/reliablerequest", &sent).await;
    assert_eq!(again.body, first.body, "a repeat is answered the same");
    trial.work().await;
    trial.work().await;
    let got = trial.take_got();
    assert_eq!(got.len(), 1, "and worked on once");
    assert_eq!(told(&got[0]).0, "QUPA_IN000011UK02");
}

#[tokio::test]
async fn each_question_under_a_name_is_answered() {
    let (trial, _) = trial(false).await;
    let nobody = SMITH.replace("Smith", "Nobody");
    for criteria in [SMITH, &nobody, SMITH] {
        assert_eq!(trial.post("/queryrequest", &question("M-1", ASID, criteria)).await.status, 202);
    }
    for _ in 0..3 {
        trial.work().await;
    }
    let told: Vec<String> = trial.take_got().iter().map(|got| told(got).0).collect();
    assert_eq!(told.len(), 2, "the same question has one answer: {told:?}");
}

#[tokio::test]
async fn a_question_whose_own_name_is_none_is_refused_at_once() {
    let (trial, _) = trial(false).await;
    for (id, name) in [("M-1", "Q".repeat(60_000)), ("M-2", "Q&#10;Q".to_owned())] {
        let mut sent = question(id, ASID, SMITH);
        let payload = String::from_utf8(sent.parts[0].body.clone()).unwrap();
        sent.parts[0].body = payload.replace("Q-1", &name).into_bytes();
        assert_eq!(trial.post("/queryrequest", &sent).await.status, 202);
        trial.work().await;
        assert_eq!(trial.story(NEW, id).last(), Some(&"refused"));
    }
}

#[tokio::test]
async fn the_answer_and_the_audit_line_are_one() {
    let (trial, _) = trial(false).await;
    trial.post("/queryrequest", &question("M-1", ASID, SMITH)).await;
    let store = trial.house.broker.store();
    let (before, _) = store.audit().head().unwrap();
    trial.work().await;
    let (after, _) = store.audit().head().unwrap();
    assert_eq!(after, before + 1);
    // Worked on once more, as after a crash between the two: the answer is the same, and one.
    let push = trial.again(NEW, "M-1");
    assert_eq!(trial.house.serve(&push).await, broker::Outcome::Acknowledged);
    trial.work().await;
    trial.work().await;
    assert_eq!(trial.take_got().len(), 1);
    assert_eq!(store.audit().head().unwrap().0, after);
}

#[tokio::test]
async fn a_busy_house_answers_later_still() {
    let (trial, _) = trial(true).await;
    trial.post("/queryrequest", &question("M-1", ASID, SMITH)).await;
    trial.work().await;
    assert_eq!(trial.story(NEW, "M-1"), ["ready", "waiting"]);
    trial.pass_s(61);
    trial.work().await;
    assert_eq!(trial.story(NEW, "M-1"), ["ready", "waiting", "answered"]);
}

#[tokio::test]
async fn a_question_about_nobody_is_answered_by_a_refusal() {
    let nobody = SMITH.replace("Smith", "Nobody");
    for (criteria, codes) in [(nobody.as_str(), &["1", "ST004"][..]), ("", &["AT002"])] {
        let (trial, _) = trial(false).await;
        trial.post("/queryrequest", &question("M-1", ASID, criteria)).await;
        trial.work().await;
        trial.work().await;
        let got = trial.take_got();
        let (action, about, found) = told(&got[0]);
        assert_eq!((action.as_str(), about.as_str()), ("QUQI_IN010000UK14", "M-1"));
        assert_eq!(found, codes);
    }
}

#[tokio::test]
async fn what_is_no_question_of_the_sender_is_refused_and_they_are_told() {
    let secret = SMITH.replace("Smith", "Secret");
    let rows = [
        (question("M-1", "200000000002", SMITH), "the system is not one of the party"),
        (question("M-1", ASID, &secret), "the system may not ask this"),
        (request_with("<a/>"), "the payload is no HL7 V3 message"),
        (request_with(&"x".repeat(10)), ""),
    ];
    for (sent, why) in rows {
        let (trial, _) = trial(false).await;
        let reply = trial.post("/queryrequest", &sent).await;
        if why.is_empty() {
            assert_eq!(reply.status.as_u16(), 500, "it is not taken on at all");
            continue;
        }
        assert_eq!(reply.status.as_u16(), 202);
        trial.work().await;
        assert_eq!(trial.story(NEW, "M-1"), ["ready", "refused"]);
        assert!(trial.last_word(NEW, "M-1").contains(why), "{}", trial.last_word(NEW, "M-1"));
        trial.work().await;
        let got = trial.take_got();
        let signal = got[0].package().message;
        assert!(matches!(signal.content, Content::Errors(_)));
        assert_eq!(signal.header.ref_to.as_deref(), Some("M-1"));
    }
}

fn request_with(payload: &str) -> Package {
    let mut sent = question("M-1", ASID, SMITH);
    sent.parts[0].body = payload.as_bytes().to_vec();
    sent
}
