use hl7v3::ebxml::{Content, Message, Package, Problem, SERVICE};
use hl7v3::multipart::Part;
use service::Reply;

use super::trial::{
    ASK, EXCHANGE, GP2GP, NATIONAL, NEW, OLD, Trial, acknowledgment, related, request, text_of,
};

fn said(reply: &Reply) -> (u16, String) {
    (reply.status.as_u16(), String::from_utf8_lossy(&reply.body).into_owned())
}

/// The codes of the errors in a message error that came as an answer.
fn errors(reply: &Reply) -> Vec<(String, String)> {
    assert_eq!(reply.status.as_u16(), 200);
    let signal = Package::read("text/xml", &reply.body).unwrap().message;
    let Content::Errors(problems) = signal.content else { panic!("no errors") };
    problems.into_iter().map(|one| (one.code, one.description)).collect()
}

#[tokio::test]
async fn a_message_is_passed_on_as_it_came_and_its_acknowledgment_comes_back() {
    let trial = Trial::new().await;
    let sent = request("M-1");
    assert_eq!(said(&trial.post("/forwardreliable", &sent).await), (202, String::new()));
    trial.work().await;
    let got = trial.take_got();
    assert_eq!(got.len(), 1);
    assert_eq!(got[0].url, format!("http://{OLD}.example/in"));
    assert_eq!(got[0].soap_action, format!("{GP2GP}/{ASK}"));
    assert_eq!(got[0].body, sent.write(&related()).unwrap().1, "every byte as it came");
    assert_eq!(trial.story(NEW, "M-1"), ["ready", "sent"]);

    let reply = trial.post("/forwardreliable", &acknowledgment(&sent)).await;
    assert_eq!(said(&reply), (202, String::new()));
    assert_eq!(trial.story(NEW, "M-1"), ["ready", "sent", "acknowledged"]);
    trial.work().await;
    let back = trial.take_got();
    assert_eq!(back.len(), 1);
    assert_eq!(back[0].url, format!("http://{NEW}.example/in"));
    assert_eq!(back[0].package(), acknowledgment(&sent));
    assert_eq!(trial.story(OLD, "ACK-1"), ["ready", "acknowledged"]);
}

#[tokio::test]
async fn an_acknowledgment_in_the_answer_is_passed_on_as_well() {
    let trial = Trial::new().await;
    let sent = request("M-1");
    trial.says(200, &text_of(&acknowledgment(&sent)));
    trial.post("/intermediary", &sent).await;
    trial.work().await;
    assert_eq!(trial.story(NEW, "M-1"), ["ready", "acknowledged"]);
    trial.work().await;
    let got = trial.take_got();
    assert_eq!(got.len(), 2, "the message, and the acknowledgment to its sender");
    assert_eq!(got[1].url, format!("http://{NEW}.example/in"));
    assert_eq!(got[1].package(), acknowledgment(&sent));
}

#[tokio::test]
async fn the_same_message_is_taken_once_and_another_under_its_id_is_refused() {
    let trial = Trial::new().await;
    let sent = request("M-1");
    for _ in 0..3 {
        assert_eq!(trial.post("/forwardreliable", &sent).await.status, 202);
    }
    trial.work().await;
    assert_eq!(trial.take_got().len(), 1);
    let mut other = request("M-1");
    other.parts[0].body = format!("<{ASK}> </{ASK}>").into_bytes();
    let refused = errors(&trial.post("/forwardreliable", &other).await);
    assert_eq!(refused[0].0, "ValueNotRecognized");
    trial.work().await;
    assert!(trial.take_got().is_empty());
}

#[tokio::test]
async fn what_nobody_acknowledges_is_sent_again_and_given_up_in_time() {
    let trial = Trial::new().await;
    trial.post("/forwardreliable", &request("M-1")).await;
    for _ in 0..5 {
        trial.work().await;
        trial.pass_s(60);
    }
    let got = trial.take_got();
    assert_eq!(got.len(), 3, "once, and the two retries of the contract");
    assert!(got.iter().all(|one| one.body == got[0].body));
    trial.work().await;
    assert_eq!(trial.story(NEW, "M-1").last(), Some(&"expired"));
    trial.work().await;
    let told = trial.take_got();
    assert_eq!(told.len(), 1, "its sender is told");
    assert_eq!(told[0].url, format!("http://{NEW}.example/in"));
    assert_eq!(told[0].soap_action, format!("{SERVICE}/MessageError"));
    let signal = told[0].package().message;
    assert_eq!((signal.header.from.id.as_str(), signal.header.to.id.as_str()), (EXCHANGE, NEW));
    assert_eq!(signal.header.ref_to.as_deref(), Some("M-1"));
    let Content::Errors(problems) = signal.content else { panic!("no errors") };
    assert_eq!(problems[0].code, "DeliveryFailure");
}

#[tokio::test]
async fn a_party_that_is_away_and_comes_back_gets_the_message() {
    let trial = Trial::new().await;
    trial.nobody();
    trial.nobody();
    trial.post("/forwardreliable", &request("M-1")).await;
    for _ in 0..3 {
        trial.work().await;
        trial.pass_s(60);
    }
    assert_eq!(trial.take_got().len(), 1);
    assert_eq!(trial.story(NEW, "M-1"), ["ready", "waiting", "waiting", "sent"]);
}

#[tokio::test]
async fn an_acknowledgment_that_was_lost_comes_with_the_next_try() {
    let trial = Trial::new().await;
    let sent = request("M-1");
    trial.says(202, "");
    trial.says(200, &text_of(&acknowledgment(&sent)));
    trial.post("/forwardreliable", &sent).await;
    trial.work().await;
    trial.pass_s(61);
    trial.work().await;
    assert_eq!(trial.story(NEW, "M-1"), ["ready", "sent", "acknowledged"]);
    // And once more by itself: the sender has it already.
    assert_eq!(trial.post("/forwardreliable", &acknowledgment(&sent)).await.status, 202);
    trial.work().await;
    trial.work().await;
    assert_eq!(trial.take_got().len(), 3, "two tries, and one acknowledgment to the sender");
}

#[tokio::test]
async fn answers_mean_what_the_table_says() {
    let fault = |code: &str| {
        format!(
            "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><s:Fault>\
             <faultcode>s:Server</faultcode><faultstring>x</faultstring><detail>\
             <e:errorList xmlns:e=\"http://national.carerecords.nhs.uk/schema/\"><e:error>\
             <e:errorCode>{code}</e:errorCode></e:error></e:errorList></detail>\
             </s:Fault></s:Body></s:Envelope>"
        )
    };
    let refusal = |severity| {
        let problem = Problem { severity, ..Problem::error("ValueNotRecognized", "no") };
        let header = request("M-1").message.header;
        let at = "2026-11-22T10:00:05Z";
        text_of(&Package::alone(Message::refusing(&header, "E", at, vec![problem])))
    };
    let error = refusal(hl7v3::ebxml::Severity::Error);
    let warning = refusal(hl7v3::ebxml::Severity::Warning);
    for (status, body, expected) in [
        (200, String::new(), "sent"),
        (202, "<html>".to_owned(), "sent"),
        (200, error.clone(), "refused"),
        (200, warning, "sent"),
        (500, error, "refused"),
        (500, fault("206"), "waiting"),
        (500, fault("101"), "refused"),
        (500, "<html>".to_owned(), "waiting"),
        (503, String::new(), "waiting"),
        (302, String::new(), "dead"),
        (404, String::new(), "dead"),
        (414, String::new(), "dead"),
        (431, "x".repeat(300_000), "dead"),
    ] {
        let trial = Trial::new().await;
        trial.says(status, &body);
        trial.post("/forwardreliable", &request("M-1")).await;
        trial.work().await;
        assert_eq!(trial.story(NEW, "M-1").last(), Some(&expected), "{status} {body}");
    }
}

#[tokio::test]
async fn a_message_error_that_comes_later_refuses_the_message_and_says_why() {
    let trial = Trial::new().await;
    let sent = request("M-1");
    trial.post("/forwardreliable", &sent).await;
    trial.work().await;
    assert_eq!(trial.story(NEW, "M-1"), ["ready", "sent"]);
    let header = sent.message.header;
    let mut told = Problem::error("ValueNotRecognized", "501319:of a patient called Smith");
    for (id, severity, ended) in [
        ("E-1", hl7v3::ebxml::Severity::Warning, false),
        ("E-2", hl7v3::ebxml::Severity::Error, true),
    ] {
        let trial = Trial::new().await;
        trial.post("/forwardreliable", &request("M-1")).await;
        trial.work().await;
        trial.take_got();
        told.severity = severity;
        let error = Message::refusing(&header, id, "2026-11-22T10:00:05Z", vec![told.clone()]);
        let reply = trial.post("/forwardreliable", &Package::alone(error)).await;
        assert_eq!(said(&reply), (202, String::new()));
        let story: &[&str] = if ended { &["ready", "sent", "refused"] } else { &["ready", "sent"] };
        assert_eq!(trial.story(NEW, "M-1"), story);
        let code = "a message error: ValueNotRecognized 501319";
        assert_eq!(trial.last_word(NEW, "M-1"), if ended { code } else { "" });
        trial.work().await;
        let got = trial.take_got();
        assert_eq!(got.len(), 1, "its sender gets the message error itself, and no report");
        assert_eq!(got[0].url, format!("http://{NEW}.example/in"));
    }
}

#[tokio::test]
async fn a_party_that_the_directory_names_later_is_known_at_once() {
    let trial = Trial::new().await;
    let mut sent = request("M-1");
    sent.message.header.to.id = "Y33333-000003".to_owned();
    assert_eq!(errors(&trial.post("/forwardreliable", &sent).await)[0].0, "ValueNotRecognized");
    trial.add_party("Y33333-000003").await;
    assert_eq!(trial.post("/forwardreliable", &sent).await.status, 202);
}

#[tokio::test]
async fn a_service_acknowledges_in_the_answer_and_says_the_same_again() {
    let trial = Trial::new().await;
    let mut sent = request("M-1");
    let header = &mut sent.message.header;
    header.to.id = NATIONAL.to_owned();
    header.cpa = "S-SLOW".to_owned();
    header.service = "urn:nhs:names:services:psis".to_owned();
    header.action = "REPC_IN150016UK05".to_owned();
    let first = said(&trial.post("/reliablerequest", &sent).await);
    assert_eq!(first.0, 202);
    let signal = Package::read("text/xml", first.1.as_bytes()).unwrap().message;
    assert_eq!((signal.header.from.id.as_str(), signal.header.to.id.as_str()), (NATIONAL, NEW));
    let Content::Acknowledgment(it) = signal.content else { panic!("no acknowledgment") };
    assert_eq!(it.ref_to, "M-1");
    trial.pass_s(20);
    assert_eq!(said(&trial.post("/reliablerequest", &sent).await), first);
    let other_path = said(&trial.post("/queryrequest", &sent).await);
    assert!(other_path.0 == 500 && other_path.1.contains("<nasp:errorCode>101<"), "{other_path:?}");
}

#[tokio::test]
async fn express_messages_are_passed_on_and_that_is_all() {
    let trial = Trial::new().await;
    let mut sent = request("M-1");
    let header = &mut sent.message.header;
    header.cpa = "S-OTHER".to_owned();
    header.action = "COPC_IN000001UK01".to_owned();
    header.eliminate_duplicates = false;
    header.ack_requested = None;
    assert_eq!(said(&trial.post("/forwardreliable", &sent).await), (202, String::new()));
    trial.work().await;
    assert_eq!(trial.story(NEW, "M-1"), ["ready", "acknowledged"]);
}

#[tokio::test]
async fn an_envelope_that_is_wrong_gets_a_message_error() {
    type Change = fn(&mut hl7v3::ebxml::Header);
    let table: [(Change, &str, &str); 8] = [
        (|it| it.to.kind = "urn:other".into(), "ValueNotRecognized", "501314"),
        (|it| it.from.kind = String::new(), "ValueNotRecognized", "501313"),
        (|it| it.to.id = "NOBODY".into(), "ValueNotRecognized", "402004"),
        (|it| it.cpa = "S-NOBODY".into(), "ValueNotRecognized", "501319"),
        (|it| it.cpa = "S-OTHER".into(), "ValueNotRecognized", "402005"),
        (|it| it.time_to_live = Some("2026-11-22T09:59:59".into()), "TimeToLiveExpired", "late"),
        (|it| it.time_to_live = Some("soon".into()), "ValueNotRecognized", "instant"),
        (|it| it.message_id = "M".repeat(300), "ValueNotRecognized", "long"),
    ];
    for (change, code, text) in table {
        let trial = Trial::new().await;
        let (_, body) = request("M-1").write(&related()).unwrap();
        // What is written is valid: a wrong instant has to be put in afterwards.
        let mut sent = request("M-1");
        change(&mut sent.message.header);
        let late = sent.message.header.time_to_live.clone().filter(|until| until == "soon");
        let reply = if late.is_some() {
            let text = String::from_utf8(body).unwrap();
            let timed = "</eb:Timestamp><eb:TimeToLive>soon</eb:TimeToLive>";
            let text = text.replace("</eb:Timestamp>", timed);
            trial.post_raw("/forwardreliable", &related().to_string(), text.into_bytes()).await
        } else {
            trial.post("/forwardreliable", &sent).await
        };
        let found = errors(&reply);
        assert_eq!(found[0].0, code);
        assert!(found[0].1.contains(text), "{found:?}");
        trial.work().await;
        assert!(trial.take_got().is_empty(), "{code} {text}");
    }
}

#[tokio::test]
async fn what_is_no_message_gets_a_soap_fault() {
    let trial = Trial::new().await;
    for (content_type, body) in
        [("text/plain", "hello"), ("text/xml", "<a/>"), ("multipart/related; boundary=a", "hello")]
    {
        let reply = trial.post_raw("/forwardreliable", content_type, body.into()).await;
        let (status, text) = said(&reply);
        assert!(status == 500 && text.contains("<nasp:errorCode>201<"), "{text}");
    }
    let mut unknown = request("M-1");
    unknown.message.header.action = "RCMR_IN999999UK99".to_owned();
    let (status, text) = said(&trial.post("/forwardreliable", &unknown).await);
    assert!(status == 500 && text.contains("<nasp:errorCode>101<"), "{text}");
}

#[tokio::test]
async fn a_signal_about_a_message_of_somebody_else_is_refused() {
    let trial = Trial::new().await;
    trial.post("/forwardreliable", &request("M-1")).await;
    let mut foreign = acknowledgment(&request("M-1"));
    foreign.message.header.from.id = NATIONAL.to_owned();
    assert_eq!(errors(&trial.post("/forwardreliable", &foreign).await).len(), 1);
    let unknown = acknowledgment(&request("M-2"));
    assert_eq!(errors(&trial.post("/forwardreliable", &unknown).await).len(), 1);
    assert_eq!(trial.story(NEW, "M-1"), ["ready"]);
}

#[tokio::test]
async fn a_large_message_goes_by_way_of_the_disk() {
    let trial = Trial::new().await;
    let mut sent = request("M-1");
    sent.parts.push(Part::base64("file@practice.example", "image/tiff", &vec![7; 1_000_000]));
    for _ in 0..2 {
        assert_eq!(trial.post("/forwardreliable", &sent).await.status, 202);
    }
    trial.work().await;
    let got = trial.take_got();
    assert_eq!(got.len(), 1, "and once");
    assert_eq!(got[0].body, sent.write(&related()).unwrap().1);
}

#[tokio::test]
async fn a_program_sends_as_the_party_of_its_own_system_only() {
    let mut trial = Trial::new().await;
    let refused = |reply: &Reply| reply.status.as_u16();
    trial.gate = security::Gate::closed(security::Tokens::default());
    assert_eq!(refused(&trial.post("/forwardreliable", &request("M-1")).await), 401);
    let caller = |system: &str| security::Caller {
        system: system.to_owned(),
        ..security::Caller::application("program".into())
    };
    let header = request("M-1").message.header;
    assert!(trial.house.may_send(&caller("200000000001"), &header).is_ok());
    for system in ["", "200000000002"] {
        let fault = trial.house.may_send(&caller(system), &header).unwrap_err();
        assert_eq!(fault.code(), "FORBIDDEN");
    }
    let mut foreign = header;
    foreign.from.id = OLD.to_owned();
    assert!(trial.house.may_send(&caller("200000000001"), &foreign).is_err());
}

#[tokio::test]
async fn a_message_leaves_its_line_in_the_audit_trail() {
    let trial = Trial::new().await;
    trial.post("/forwardreliable", &request("M-1")).await;
    let store = trial.house.broker.store();
    let mut lines = Vec::new();
    let mut visit = |_, line: &str| {
        lines.push(line.to_owned());
        true
    };
    store.audit().read(0, &mut visit).unwrap();
    assert_eq!(lines.len(), 1);
    assert!(lines[0].contains("spine-messaging") && lines[0].contains("M-1"), "{}", lines[0]);
}
