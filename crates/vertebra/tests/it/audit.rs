//! Who looked at a record: over the wire, by command, and proof that nothing of it was changed.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use testkit::{Client, Exchange};

use crate::{BINARY, PDS, closed_demo, token};

const AUDIT: &str = "/audit/FHIR/R4";
const PATIENT: &str = "9000000009";
const OTHER: &str = "9000000017";

fn as_client(exchange: &Exchange, access: &str) -> Client {
    exchange.client().with_token(&token(exchange, access))
}

/// A health worker reads a record, in a trace.
fn look(exchange: &Exchange, patient: &str) {
    let trace = ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    let path = format!("{PDS}/Patient/{patient}");
    let answer = as_client(exchange, "worker").send("GET", &path, &[trace], "").unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text);
}

fn operator(exchange: &Exchange) -> Client {
    let credentials = exchange.credentials();
    let clients = credentials["clients"].as_array().unwrap();
    let operator = clients.iter().find(|client| client["name"] == "demo-operator").unwrap();
    exchange.client().with_token(operator["bearer_token"].as_str().unwrap())
}

/// What `vertebra audit` says of a folder, with something to read.
fn audit(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let (what, rest) = arguments.split_first().unwrap();
    let mut child = Command::new(BINARY)
        .args(["audit", what, "--data", &folder.to_string_lossy()])
        .args(rest)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It may end without reading.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_patient_asks_who_looked_at_their_record() {
    let exchange = closed_demo();
    look(&exchange, PATIENT);
    look(&exchange, OTHER);
    let patient = as_client(&exchange, "patient");
    let answer = patient.get(&format!("{AUDIT}/AuditEvent?patient={PATIENT}")).unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text);
    let bundle = answer.json();
    let entries = bundle["entry"].as_array().unwrap();
    assert_eq!(entries.len(), 1);
    let event = &entries[0]["resource"];
    assert_eq!(event["entity"][0]["what"]["reference"], format!("Patient/{PATIENT}"));
    assert_eq!(event["agent"][0]["who"]["identifier"]["value"], "555254239107");
    assert_eq!(event["entity"][1]["detail"][0]["valueString"], "0af7651916cd43dd8448eb211c80319c");
    assert!(event.get("purposeOfEvent").is_none(), "a worker's wire gives no reason: {event}");
    let own =
        patient.get(&format!("{AUDIT}/AuditEvent?patient={PATIENT}&_count=1")).unwrap().json();
    let reason = &own["entry"][0]["resource"]["purposeOfEvent"][0]["coding"][0];
    assert_eq!(reason["system"], "http://terminology.hl7.org/CodeSystem/v3-ActReason");
    assert_eq!(reason["code"], "PATRQT");
    let own = entries[0]["fullUrl"].as_str().unwrap().strip_prefix(exchange.url()).unwrap();
    assert_eq!(patient.get(own).unwrap().json()["id"], event["id"]);
    for path in [format!("{AUDIT}/AuditEvent?patient={OTHER}"), format!("{AUDIT}/AuditEvent")] {
        let refused = patient.get(&path).unwrap();
        assert_eq!(refused.status, 403, "{}", refused.text);
    }
    let all = operator(&exchange).get(&format!("{AUDIT}/AuditEvent?_count=100")).unwrap().json();
    let outcomes: Vec<&Value> =
        all["entry"].as_array().unwrap().iter().map(|e| &e["resource"]["outcome"]).collect();
    assert_eq!(outcomes, ["4", "4", "0", "0", "0", "0", "0"], "looks and refusals, newest first");
    assert!(!all.to_string().contains(PATIENT), "nobody is named who was not asked for");
}

#[test]
fn a_chain_is_verified_while_it_serves_and_listed_by_patient() {
    let mut exchange = closed_demo();
    look(&exchange, PATIENT);
    look(&exchange, OTHER);
    for serving in [true, false] {
        let verified = audit(exchange.data(), &["verify", "--json"], "");
        let verdict: Value = serde_json::from_str(&said(&verified)).unwrap();
        assert_eq!((&verdict["clean"], &verdict["lines"]), (&true.into(), &2.into()));
        assert_eq!(verdict["sealed"], if serving { 0 } else { 2 });
        let listed = audit(exchange.data(), &["list", "--patient"], "900 000 0009\n");
        let text = said(&listed);
        assert_eq!(text.lines().count(), 1, "{text}");
        assert!(text.contains("get-patient 200 by demo-worker of Y12345 user 555254239107"));
        assert!(!text.contains(PATIENT));
        assert!(!String::from_utf8_lossy(&listed.stderr).contains(PATIENT));
        if serving {
            assert!(exchange.stop());
        }
    }
    let count =
        |arguments: &[&str], input| said(&audit(exchange.data(), arguments, input)).lines().count();
    assert_eq!(count(&["list"], ""), 2);
    assert_eq!(count(&["list", "--most", "1"], ""), 1);
    assert_eq!(count(&["list", "--client", "demo-worker"], ""), 2);
    assert_eq!(count(&["list", "--client", "nobody"], ""), 0);
    assert_eq!(count(&["list", "--since", "2020-01-01T00:00:00Z"], ""), 2);
    assert_eq!(count(&["list", "--since", "2200-01-01T00:00:00Z"], ""), 0);
    let line = said(&audit(exchange.data(), &["list", "--json", "--most", "1"], ""));
    assert_eq!(serde_json::from_str::<Value>(&line).unwrap()["interaction"], "get-patient");
    let refused = audit(exchange.data(), &["list", "--patient"], "9000000001\n");
    assert!(!refused.status.success());
    assert!(!String::from_utf8_lossy(&refused.stderr).contains("9000000001"));
}

#[test]
fn a_changed_byte_is_found_and_told_by_place() {
    let mut exchange = closed_demo();
    look(&exchange, PATIENT);
    look(&exchange, OTHER);
    assert!(exchange.stop());
    let file = exchange.data().join("vertebra.db");
    let mut bytes = fs::read(&file).unwrap();
    let name = b"\"client\":\"demo-worker\"";
    let at = bytes.windows(name.len()).position(|window| window == name).unwrap();
    bytes[at + name.len() - 2] = b'x';
    fs::write(&file, bytes).unwrap();
    let verified = audit(exchange.data(), &["verify"], "");
    assert!(!verified.status.success());
    let text = said(&verified);
    assert!(text.contains("the audit chain does not hold in lines "), "{text}");
    let checked = exchange.run(&["check", "--data", &exchange.data().to_string_lossy()]);
    assert!(said(&checked).contains("does not hold"), "{}", said(&checked));
}

#[test]
fn the_signing_key_is_replaced_while_it_serves_and_after() {
    let mut exchange = closed_demo();
    let folder = exchange.data().to_path_buf();
    let kept = folder.join("kept.pub");
    fs::copy(folder.join("audit-signing.pub"), &kept).unwrap();
    let kept = kept.to_string_lossy().into_owned();
    let mut last = String::new();
    for (line, serving) in [(1, true), (3, true), (4, false)] {
        if serving {
            look(&exchange, PATIENT);
        } else {
            assert!(exchange.stop());
        }
        let rotated = audit(&folder, &["rotate-key", "--json"], "");
        let why = String::from_utf8_lossy(&rotated.stderr);
        let change: Value = serde_json::from_str(&said(&rotated)).expect(&why);
        assert_eq!(change["line"], line);
        assert!(last.is_empty() || change["before"] == last.as_str());
        last = change["after"].as_str().unwrap().to_owned();
        let head: Value = serde_json::from_str(&said(&audit(&folder, &["head"], ""))).unwrap();
        assert_eq!((&head["count"], &head["key"]), (&(line + 1).into(), &last.as_str().into()));
        let verified = audit(&folder, &["verify", "--public-key", &kept], "");
        assert!(said(&verified).starts_with("clean: "), "{}", said(&verified));
    }
    let listed = said(&audit(&folder, &["list"], ""));
    assert_eq!(listed.matches("control rotate-audit-key 200 by operator").count(), 3, "{listed}");
    fs::remove_file(folder.join("audit-signing.pub")).unwrap();
    fs::copy(&kept, folder.join("audit-signing.pub")).unwrap();
    let verified = audit(&folder, &["verify"], "");
    assert!(!verified.status.success());
    assert!(said(&verified).contains("not the last key of the audit chain"), "{}", said(&verified));
}

#[test]
fn a_chain_that_lost_its_end_does_not_serve_and_a_kept_checkpoint_tells() {
    let mut exchange = closed_demo();
    look(&exchange, PATIENT);
    let folder = exchange.data().to_path_buf();
    let backup = folder.join("before");
    let backed =
        exchange.run(&["backup", "--data", &folder.to_string_lossy(), &backup.to_string_lossy()]);
    assert!(backed.status.success());
    look(&exchange, PATIENT);
    assert!(exchange.stop());
    let (kept, key) = (folder.join("kept.json"), folder.join("kept.pub"));
    fs::write(&kept, said(&audit(&folder, &["head"], ""))).unwrap();
    fs::copy(folder.join("audit-signing.pub"), &key).unwrap();
    // Somebody puts the database back to what it was before the second look.
    fs::copy(backup.join("vertebra.db"), folder.join("vertebra.db")).unwrap();
    let folder_name = folder.to_string_lossy();
    let serve = ["serve", "--listen", "127.0.0.1:0", "--data", &folder_name];
    let refused = exchange.run(&serve);
    let why = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && why.contains("cut off") && why.contains("hint"), "{why}");
    let due = "the audit chain ends at 1 lines and had 2";
    assert!(said(&audit(&folder, &["verify"], "")).contains(due));
    // And cuts the file of checkpoints as well: only what was kept elsewhere tells then.
    fs::remove_file(folder.join("audit/checkpoints.jsonl")).unwrap();
    assert!(audit(&folder, &["verify"], "").status.success());
    let (kept, key) = (kept.to_string_lossy(), key.to_string_lossy());
    let against = ["verify", "--against", &*kept, "--public-key", &*key];
    let verified = audit(&folder, &against, "");
    assert!(!verified.status.success());
    assert!(said(&verified).contains(due), "{}", said(&verified));
}
