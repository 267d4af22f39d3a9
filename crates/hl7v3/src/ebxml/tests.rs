use proptest::prelude::*;

use super::*;
use crate::multipart::{ContentType, Encoding, Part};

const KIND: &str = "urn:example:partyType:key";

fn header() -> Header {
    Header {
        from: Party::new("HILL-000001", KIND),
        to: Party::new("VALE-000002", KIND),
        cpa: "S1".to_owned(),
        conversation: "0B9D3A52-8F3B-4B3E-9C36-2F37A6B7B1A0".to_owned(),
        service: "urn:example:services:transfer".to_owned(),
        action: "REQUEST_IN01".to_owned(),
        message_id: "5F0E9A1C-6D4B-4A7E-8C55-0B7A3C1D2E3F".to_owned(),
        timestamp: "2026-03-05T10:20:30Z".to_owned(),
        eliminate_duplicates: true,
        ack_requested: Some(AckRequested { actor: TO_NEXT_HANDLER.to_owned(), signed: false }),
        ..Header::default()
    }
}

fn request() -> Message {
    let reference = Reference {
        description: "HL7 payload".to_owned(),
        hl7: true,
        ..Reference::to_part("payload@hill.example")
    };
    Message { header: header(), content: Content::Manifest(vec![reference]) }
}

fn related() -> ContentType {
    ContentType {
        boundary: "--=_parts".to_owned(),
        kind: "text/xml".to_owned(),
        start: "header@hill.example".to_owned(),
    }
}

fn package() -> Package {
    let payload = Part::plain("payload@hill.example", "application/xml", "<REQUEST_IN01/>");
    Package { message: request(), parts: vec![payload] }
}

#[test]
fn the_message_alone_is_read_where_all_of_it_is_there() {
    let mut whole = package();
    whole.parts.push(Part::base64("scan@hill.example", "image/tiff", &vec![7; 100_000]));
    let (content_type, body) = whole.write(&related()).unwrap();
    assert_eq!(Package::read_message(&content_type, &body), Ok(whole.message.clone()));
    assert_eq!(Package::read(&content_type, &body), Ok(whole.clone()));
    whole.parts.remove(0);
    let (content_type, body) = whole.write(&related()).unwrap();
    assert_eq!(Package::read_message(&content_type, &body), Err(Malformed::PartMissing));
}

#[test]
fn a_header_reads_as_it_was_written() {
    let written = write(&request()).unwrap();
    assert_eq!(read(written.as_bytes()), Ok(request()));
}

#[test]
fn prefixes_white_space_and_missing_attributes_do_not_matter() {
    let written = write(&request()).unwrap();
    let other = written
        .replace("soap:", "S:")
        .replace(":soap=", ":S=")
        .replace("eb:version=\"2.0\" ", "")
        .replace("><", ">\n\t<");
    assert_eq!(read(other.as_bytes()), Ok(request()));
}

#[test]
fn what_senders_write_beside_the_schema_is_taken() {
    let mut message = request();
    let Content::Manifest(references) = &mut message.content else { panic!("no manifest") };
    references[0].id = "_5F0E9A1C".to_owned();
    let written = write(&message).unwrap();
    let bare = written.replace("\"_5F0E9A1C\"", "\"8681AF4F-E577-4C8D-A2CE-43CABE3D5FB4\"");
    let read = read(bare.replace("DSTUv1.0", "dstuv1.0").as_bytes()).unwrap();
    let Content::Manifest(references) = &read.content else { panic!("no manifest") };
    assert_eq!(references[0].id, "8681AF4F-E577-4C8D-A2CE-43CABE3D5FB4");
    assert!(references[0].hl7);
    assert_eq!(super::write(&read), Err(Refused::Wrong("id")), "and not written");
}

#[test]
fn an_acknowledgment_names_the_message_and_turns_the_parties_round() {
    let signal = Message::acknowledging(&header(), "ID-2", "2026-03-05T10:20:31Z");
    let written = write(&signal).unwrap();
    assert_eq!(read(written.as_bytes()), Ok(signal.clone()));
    assert!(signal.is_signal());
    assert_eq!((&signal.header.from, &signal.header.to), (&header().to, &header().from));
    let Content::Acknowledgment(it) = &signal.content else { panic!("another signal") };
    assert_eq!((&it.ref_to, it.actor.as_str()), (&header().message_id, TO_NEXT_HANDLER));
    assert_eq!(signal.header.ref_to, Some(header().message_id));
}

#[test]
fn a_message_of_errors_holds_each() {
    let problems = vec![
        Problem { severity: Severity::Warning, ..Problem::error("Inconsistent", "a warning") },
        Problem::error("ValueNotRecognized", "501319:Unknown eb:CPAId"),
    ];
    let signal = Message::refusing(&header(), "ID-2", "2026-03-05T10:20:31Z", problems);
    let written = write(&signal).unwrap();
    assert!(written.contains("eb:highestSeverity=\"Error\""), "{written}");
    assert_eq!(read(written.as_bytes()), Ok(signal));
}

#[test]
fn an_empty_list_of_errors_is_taken_and_not_written() {
    let signal = Message::refusing(&header(), "ID-2", "2026-03-05T10:20:31Z", Vec::new());
    assert_eq!(write(&signal), Err(Refused::Missing("Error")));
    let one = Message { content: Content::Errors(vec![Problem::error("X", "")]), ..signal.clone() };
    let written = write(&one).unwrap();
    let (before, rest) = written.split_once("<eb:Error ").unwrap();
    let empty = format!("{before}{}", rest.split_once("/>").unwrap().1);
    assert_eq!(read(empty.as_bytes()), Ok(signal));
}

#[test]
fn what_is_missing_is_named() {
    let written = write(&request()).unwrap();
    for name in ["From", "To", "CPAId", "ConversationId", "Service", "Action", "MessageId"] {
        let renamed = written.replace(&format!("eb:{name}>"), "eb:Other>");
        let refused = read(renamed.as_bytes()).unwrap_err();
        assert!(matches!(refused, Refused::Missing(_)), "{name}: {refused:?}");
    }
    assert_eq!(read(b"<a/>"), Err(Refused::NotAnEnvelope));
    let header = format!("<s:Envelope xmlns:s=\"{SOAP}\"><s:Header/><s:Body/></s:Envelope>");
    assert_eq!(read(header.as_bytes()), Err(Refused::Missing("MessageHeader")));
    let twice =
        Message { header: Header { cpa: String::new(), ..super::tests::header() }, ..request() };
    assert_eq!(write(&twice), Err(Refused::Missing("CPAId")));
}

#[test]
fn a_header_that_must_be_understood_and_is_not_refuses_the_message() {
    let written = write(&request()).unwrap();
    let other = |must: &str| {
        let header =
            format!("<o:Other xmlns:o=\"urn:o\" soap:mustUnderstand=\"{must}\"/></soap:Header>");
        read(written.replace("</soap:Header>", &header).as_bytes())
    };
    assert_eq!(other("1"), Err(Refused::NotUnderstood));
    assert_eq!(other("0"), Ok(request()));
}

#[test]
fn only_instants_are_written_as_such() {
    for (text, fits) in [
        ("2026-03-05T10:20:30Z", true),
        ("2026-03-05T10:20:30", true),
        ("2026-03-05T10:20:30.123+01:00", true),
        ("2026-03-05", false),
        ("20260305102030", false),
        ("2026-03-05T10:20:30.Z", false),
        ("2026-03-05T10:20:30 Z", false),
        ("", false),
    ] {
        let header = Header { timestamp: text.to_owned(), ..header() };
        assert_eq!(write(&Message { header, ..request() }).is_ok(), fits, "{text}");
    }
}

#[test]
fn a_whole_message_reads_as_it_was_written() {
    let (content_type, body) = package().write(&related()).unwrap();
    assert_eq!(Package::read(&content_type, &body), Ok(package()));
    let unquoted = content_type.replace(['"', '<', '>'], "");
    assert_eq!(Package::read(&unquoted, &body), Ok(package()));
}

#[test]
fn a_signal_comes_alone() {
    let signal = Package::alone(Message::acknowledging(&header(), "ID", "2026-03-05T10:20:31Z"));
    let (content_type, body) = signal.write(&related()).unwrap();
    assert!(content_type.starts_with("text/xml"));
    assert_eq!(Package::read(&content_type, &body), Ok(signal));
    let message = super::write(&request()).unwrap();
    assert_eq!(
        Package::read("text/xml", message.as_bytes()),
        Err(Malformed::PartMissing),
        "a message with a payload does not"
    );
}

#[test]
fn each_reference_leads_to_its_part() {
    let mut package = package();
    package.parts.push(Part::base64("one@hill.example", "image/png", &[0, 1, 2]));
    package.parts.push(Part::plain("two@hill.example", "text/plain", "two"));
    let Content::Manifest(references) = &mut package.message.content else { panic!("no manifest") };
    references.push(Reference::to_part("one%40hill.example"));
    references.push(Reference::to_message("three@hill.example"));
    references.push(Reference::to_part("four@hill.example"));
    let mut shuffled = package.clone();
    shuffled.parts.reverse();
    let (content_type, body) = shuffled.write(&related()).unwrap();
    let read = Package::read(&content_type, &body).unwrap();
    assert_eq!(read.payload(), package.payload());
    assert_eq!(read.attachments().len(), 2);
    let Content::Manifest(references) = &read.message.content else { panic!("no manifest") };
    let found: Vec<Option<&str>> = references
        .iter()
        .map(|reference| read.part(reference).map(|part| part.head.id.as_str()))
        .collect();
    let expected = [Some("payload@hill.example"), Some("one@hill.example"), None, None];
    assert_eq!(found, expected, "a message of its own, and one that did not come");
}

#[test]
fn a_payload_that_is_none_is_refused() {
    let read = |package: &Package| {
        let (content_type, body) = package.write(&related()).unwrap();
        Package::read(&content_type, &body)
    };
    let mut missing = package();
    missing.parts.clear();
    assert_eq!(read(&missing), Err(Malformed::PartMissing));
    let mut image = package();
    image.parts[0].head.media_type = "image/png".to_owned();
    assert_eq!(read(&image), Err(Malformed::Payload));
    let mut text = package();
    text.parts[0].body = b"<REQUEST_IN01>".to_vec();
    assert_eq!(read(&text), Err(Malformed::Payload));
    let mut encoded = package();
    encoded.parts[0].head.encoding = Encoding::Base64;
    assert_eq!(read(&encoded), Err(Malformed::Payload));
}

fn some(pattern: &'static str) -> impl Strategy<Value = Option<String>> {
    proptest::option::of(pattern)
}

fn any_header() -> impl Strategy<Value = Header> {
    let text = "[!-~\u{e9}]{1,20}";
    let party = || (text, "(urn:[a-z:]{1,9})?").prop_map(|(id, kind)| Party { id, kind });
    let asked = proptest::option::of(("(urn:[a-z:]{1,9})?", any::<bool>()));
    let instant = "20[0-9]{2}-0[1-9]-[12][0-9]T[01][0-9]:[0-5][0-9]:[0-5][0-9](Z|\\+01:00)?";
    let names = (text, text, text, text, text);
    let rest = (party(), party(), some(text), any::<bool>(), any::<bool>(), asked);
    (names, instant, proptest::option::of(instant), rest).prop_map(|(names, at, until, rest)| {
        let (cpa, conversation, service, action, message_id) = names;
        let (from, to, ref_to, eliminate_duplicates, sync_reply, asked) = rest;
        Header {
            from,
            to,
            cpa,
            conversation,
            service,
            action,
            message_id,
            timestamp: at,
            ref_to,
            time_to_live: until,
            eliminate_duplicates,
            ack_requested: asked.map(|(actor, signed)| AckRequested { actor, signed }),
            sync_reply,
        }
    })
}

fn any_content() -> impl Strategy<Value = Content> {
    let schema = proptest::option::of(("urn:[a-z]{1,9}", "([0-9]{1,3})?"));
    let reference =
        ("(cid|mid):[!-~]{1,30}", "(_[A-Za-z0-9.-]{0,30})?", schema, "[!-~]{0,30}", any::<bool>());
    let reference = reference.prop_map(|(href, id, schema, description, hl7)| {
        let schema = schema.map(|(location, version)| Schema { location, version });
        Reference { href, id, schema, description, hl7 }
    });
    let problem = ("(urn:[a-z]{1,9})?", "[!-~]{1,20}", any::<bool>(), "[!-~]{0,20}", "[!-~]{0,30}");
    let problem = problem.prop_map(|(context, code, warning, location, description)| {
        let severity = if warning { Severity::Warning } else { Severity::Error };
        Problem { context, code, severity, location, description }
    });
    prop_oneof![
        proptest::collection::vec(reference, 1..5).prop_map(Content::Manifest),
        proptest::collection::vec(problem, 1..4).prop_map(Content::Errors),
        "[!-~]{1,20}".prop_map(|ref_to| Content::Acknowledgment(Acknowledgment {
            timestamp: "2026-03-05T10:20:30Z".to_owned(),
            ref_to,
            from: None,
            actor: String::new(),
        })),
    ]
}

proptest! {
    #[test]
    fn every_message_reads_as_it_was_written(header in any_header(), content in any_content()) {
        let message = Message { header, content };
        let written = write(&message).unwrap();
        prop_assert_eq!(read(written.as_bytes()), Ok(message));
    }

    #[test]
    fn a_message_with_changes_never_panics(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let (content_type, mut body) = package().write(&related()).unwrap();
        for (at, byte) in changes {
            let at = at.index(body.len());
            body[at] = byte;
        }
        let _ = Package::read(&content_type, &body);
    }

    #[test]
    fn a_message_that_breaks_off_is_refused(length in any::<prop::sample::Index>()) {
        let (content_type, body) = package().write(&related()).unwrap();
        // Once all of the payload is there, what is missing is the last boundary.
        let end = body.windows(15).position(|part| part == b"<REQUEST_IN01/>").unwrap() + 15;
        prop_assert!(Package::read(&content_type, &body[..length.index(end)]).is_err());
        prop_assert_eq!(Package::read(&content_type, &body[..end]), Ok(package()));
    }
}
