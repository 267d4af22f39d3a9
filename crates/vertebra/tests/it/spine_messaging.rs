//! Reliable messaging over the wire: a message goes from one practice to another and is
//! acknowledged, through the end of the house and back.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use testkit::{Client, Exchange};

use crate::BINARY;

/// How long a test waits for something to arrive before it has failed.
const PATIENCE: Duration = Duration::from_mins(1);
const NEW: &str = "Y99991-000001";
const OLD: &str = "Y99992-000002";
/// A party of the demonstration, and what it asks the exchange.
const ASKER: &str = "Y12345-001001";
const PDS: &str = "urn:nhs:names:services:pdsquery";
const QUESTION: &str = "<QUPA_IN000006UK02 xmlns=\"urn:hl7-org:v3\"><id root=\"Q-1\"/>\
    <creationTime value=\"20260305102030\"/>\
    <interactionId root=\"2.16.840.1.113883.2.1.3.2.4.12\" extension=\"QUPA_IN000006UK02\"/>\
    <communicationFunctionRcv><device><id root=\"1.2.826.0.1285.0.2.0.107\" \
    extension=\"200000001006\"/></device></communicationFunctionRcv>\
    <communicationFunctionSnd><device><id root=\"1.2.826.0.1285.0.2.0.107\" \
    extension=\"200000001001\"/></device></communicationFunctionSnd>\
    <ControlActEvent><query>\
    <person.administrativeGenderCode><value code=\"2\"/></person.administrativeGenderCode>\
    <person.birthTime><value><center value=\"20101022\"/></value></person.birthTime>\
    <person.name><value><family>Smith</family><given>Jane</given></value></person.name>\
    </query></ControlActEvent></QUPA_IN000006UK02>";
const TEXT: [(&str, &str); 1] = [("Accept", "text/plain")];
pub(crate) const RELATED: &str =
    "multipart/related; boundary=\"--=_b\"; type=\"text/xml\"; start=\"<header>\"";

#[test]
fn a_message_is_acknowledged_though_the_house_is_killed_on_the_way() {
    let (new, old) = (Handler::new(true), Handler::new(false));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("parties.toml");
    std::fs::write(&file, parties(&new.url, &old.url)).unwrap();
    let mut exchange = Exchange::idle(BINARY, &["--open", "--apply", file.to_str().unwrap()]);
    exchange.resume();
    assert_eq!(post(&exchange.client(), "M-1").status, 202);
    let tried = old.turned_away.recv_timeout(PATIENCE).unwrap();
    assert!(tried.contains("<eb:MessageId>M-1</eb:MessageId>"), "{tried}");
    exchange.kill();
    old.well.store(true, Ordering::SeqCst);
    exchange.resume();
    let arrived = old.taken.recv_timeout(PATIENCE).unwrap();
    assert_eq!(arrived, tried, "the same message, byte by byte");
    let told = new.taken.recv_timeout(PATIENCE).unwrap();
    assert!(told.contains("<eb:Action>Acknowledgment</eb:Action>"), "{told}");
    assert!(told.contains("<eb:RefToMessageId>M-1</eb:RefToMessageId>"), "{told}");
    // The same once more, as after an answer that was lost: it is known, and goes nowhere.
    assert_eq!(post(&exchange.client(), "M-1").status, 202);
    assert!(exchange.stop());
    assert!(old.taken.try_recv().is_err(), "it arrived twice");
    assert!(new.taken.try_recv().is_err(), "it was acknowledged twice");
    exchange.check();
}

#[test]
fn the_wrong_contract_gets_a_message_error_at_once() {
    let (new, old) = (Handler::new(true), Handler::new(true));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("parties.toml");
    std::fs::write(&file, parties(&new.url, &old.url).replace("S-OLD", "S-OTHER")).unwrap();
    let mut exchange = Exchange::idle(BINARY, &["--open", "--apply", file.to_str().unwrap()]);
    exchange.resume();
    let answer = post(&exchange.client(), "M-1");
    assert_eq!(answer.status, 200);
    assert!(answer.text.contains("501319:Unknown eb:CPAId"), "{}", answer.text);
    assert!(exchange.stop());
    assert!(old.taken.try_recv().is_err());
}

#[test]
fn a_national_service_answers_later_though_the_house_is_killed_before_the_answer_is_taken() {
    let asker = Handler::new(false);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("asker.toml");
    let party = format!(
        "[[party]]\nkey = \"{ASKER}\"\norganisation = \"Y12345\"\naddress = \"{}\"\n\
         private = true\n[[party.contract]]\ncpa = \"S-ASKER\"\npattern = \"forward-express\"\n\
         interactions = [\"{PDS}:QUPA_IN000011UK02\"]\nretries = 60\nretry_interval = \"PT1S\"\n",
        asker.url
    );
    std::fs::write(&file, party).unwrap();
    let arguments = ["--demo", "--people", "20", "--no-local", "--open", "--apply"];
    let mut exchange =
        Exchange::idle(BINARY, &[&arguments[..], &[file.to_str().unwrap()]].concat());
    exchange.resume();
    let header = envelope(ASKER, "X26-001006", PDS, "QUPA_IN000006UK02", "Q-1", "");
    let header = header.replace("S-OLD", "S20001A001006").replace("C-1", "TRACE-1");
    let headers = [("Content-Type", RELATED)];
    let body = parts(&header, QUESTION);
    let answer = exchange.client().send("POST", "/reliablemessaging/queryrequest", &headers, &body);
    let answer = answer.unwrap();
    assert_eq!((answer.status, answer.text.as_str()), (202, ""));
    let tried = asker.turned_away.recv_timeout(PATIENCE).unwrap();
    exchange.kill();
    asker.well.store(true, Ordering::SeqCst);
    exchange.resume();
    let told = asker.taken.recv_timeout(PATIENCE).unwrap();
    assert_eq!(told, tried, "the same answer");
    assert!(told.contains("<eb:Action>QUPA_IN000011UK02</eb:Action>"), "{told}");
    assert!(told.contains("<eb:RefToMessageId>Q-1</eb:RefToMessageId>"), "{told}");
    assert!(told.contains("<eb:CPAId>S-ASKER</eb:CPAId>"), "by the contract of the asker: {told}");
    assert!(told.contains("extension=\"9000000009\""), "{told}");
    let drawn = exchange.client().send("GET", "/conversations/TRACE-1", &TEXT, "").unwrap();
    assert!(drawn.text.contains("Asks who somebody is"), "{}", drawn.text);
    assert!(drawn.text.contains("Who it is"), "{}", drawn.text);
    assert!(exchange.stop());
    assert!(asker.taken.try_recv().is_err(), "it was answered twice");
    exchange.check();
}

fn post(client: &Client, id: &str) -> testkit::Answer {
    let headers = [("Content-Type", RELATED)];
    let body = package(NEW, OLD, "S-OLD", id);
    client.send("POST", "/reliablemessaging/forwardreliable", &headers, &body).unwrap()
}

/// A request for a record, from a party to a party under a contract.
pub(crate) fn package(from: &str, to: &str, cpa: &str, id: &str) -> String {
    let header = envelope(from, to, "urn:nhs:names:services:gp2gp", "RCMR_IN010000UK05", id, "");
    let header = header.replace("S-OLD", cpa);
    parts(&header, "<RCMR_IN010000UK05 xmlns=\"urn:hl7-org:v3\"/>")
}

/// A header and a payload as a body of parts.
fn parts(header: &str, payload: &str) -> String {
    let manifest = "<eb:Manifest eb:version=\"2.0\"><eb:Reference xlink:href=\"cid:payload\" \
                    xmlns:xlink=\"http://www.w3.org/1999/xlink\"/></eb:Manifest>";
    let header = header.replace("<soap:Body/>", &format!("<soap:Body>{manifest}</soap:Body>"));
    let part = |id: &str, text: &str| {
        format!("----=_b\r\nContent-Id: <{id}>\r\nContent-Type: text/xml\r\n\r\n{text}\r\n")
    };
    format!("{}{}----=_b--\r\n", part("header", &header), part("payload", payload))
}

/// An ebXML envelope with nothing in its body.
fn envelope(from: &str, to: &str, service: &str, action: &str, id: &str, more: &str) -> String {
    let party = |key: &str| {
        format!(
            "<eb:PartyId eb:type=\"urn:nhs:names:partyType:ocs+serviceInstance\">{key}</eb:PartyId>"
        )
    };
    let about = if more.is_empty() { "" } else { "<eb:RefToMessageId>M-1</eb:RefToMessageId>" };
    format!(
        "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\" \
         xmlns:eb=\"http://www.oasis-open.org/committees/ebxml-msg/schema/msg-header-2_0.xsd\">\
         <soap:Header><eb:MessageHeader eb:version=\"2.0\" soap:mustUnderstand=\"1\">\
         <eb:From>{}</eb:From><eb:To>{}</eb:To><eb:CPAId>S-OLD</eb:CPAId>\
         <eb:ConversationId>C-1</eb:ConversationId><eb:Service>{service}</eb:Service>\
         <eb:Action>{action}</eb:Action><eb:MessageData><eb:MessageId>{id}</eb:MessageId>\
         <eb:Timestamp>2026-03-05T10:20:30Z</eb:Timestamp>{about}</eb:MessageData>\
         <eb:DuplicateElimination/></eb:MessageHeader>{more}</soap:Header><soap:Body/>\
         </soap:Envelope>",
        party(from),
        party(to),
    )
}

fn acknowledgment() -> String {
    let more = "<eb:Acknowledgment eb:version=\"2.0\" soap:mustUnderstand=\"1\">\
                <eb:Timestamp>2026-03-05T10:20:31Z</eb:Timestamp>\
                <eb:RefToMessageId>M-1</eb:RefToMessageId></eb:Acknowledgment>";
    envelope(OLD, NEW, "urn:oasis:names:tc:ebxml-msg:service", "Acknowledgment", "A-1", more)
}

/// The directory: two practices, of which the second gives records out.
fn parties(new: &str, old: &str) -> String {
    format!(
        "[[organisation]]\nods = \"Y99991\"\nname = \"New\"\nkind = \"gp-practice\"\n\
         [[organisation]]\nods = \"Y99992\"\nname = \"Old\"\nkind = \"gp-practice\"\n\
         [[party]]\nkey = \"{NEW}\"\norganisation = \"Y99991\"\naddress = \"{new}\"\n\
         private = true\n\
         [[party]]\nkey = \"{OLD}\"\norganisation = \"Y99992\"\naddress = \"{old}\"\n\
         private = true\n\
         [[party.contract]]\ncpa = \"S-OLD\"\npattern = \"forward-reliable\"\n\
         interactions = [\"urn:nhs:names:services:gp2gp:RCMR_IN010000UK05\"]\nretries = 30\n\
         retry_interval = \"PT1S\"\npersist_duration = \"PT10M\"\n"
    )
}

/// A message handler that turns everything away until it is well, and acknowledges then.
struct Handler {
    url: String,
    well: Arc<AtomicBool>,
    taken: Receiver<String>,
    turned_away: Receiver<String>,
}

impl Handler {
    fn new(is_well: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/in", listener.local_addr().unwrap());
        let well = Arc::new(AtomicBool::new(is_well));
        let (take, taken) = channel();
        let (turn_away, turned_away) = channel();
        let flag = Arc::clone(&well);
        thread::spawn(move || {
            for stream in listener.incoming() {
                answer(stream.unwrap(), flag.load(Ordering::SeqCst), &take, &turn_away);
            }
        });
        Self { url, well, taken, turned_away }
    }
}

/// Answers one request, and tells its body.
fn answer(mut stream: TcpStream, well: bool, take: &Sender<String>, turn_away: &Sender<String>) {
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut bytes = Vec::new();
    let mut block = [0; 4096];
    let body = loop {
        match stream.read(&mut block) {
            Ok(count) if count > 0 => bytes.extend_from_slice(&block[..count]),
            // A call of a house that was killed.
            _ => return,
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let lengths = head.lines().filter_map(|line| line.split_once(": "));
        let length = lengths.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        let length: usize = length.map(|(_, value)| value.parse().unwrap()).next().unwrap();
        if body.len() >= length {
            break body.to_owned();
        }
    };
    // A message is acknowledged in the answer; a signal is not.
    let said = if body.contains("Manifest") { acknowledgment() } else { String::new() };
    let (status, said) = if well { ("200 OK", said) } else { ("503 Busy", String::new()) };
    let answer = format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/xml\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{said}",
        said.len()
    );
    let told = stream.write_all(answer.as_bytes()).is_ok();
    let to = if well { take } else { turn_away };
    // Nobody listens any more when the test is over.
    let _ = told.then(|| to.send(body));
}
