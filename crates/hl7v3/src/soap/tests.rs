use proptest::prelude::*;

use super::*;

const ENVELOPE: &str = "<E:Envelope xmlns:E='http://schemas.xmlsoap.org/soap/envelope/'>
    <E:Header><a xmlns='urn:a' E:mustUnderstand='1'/></E:Header>
    <E:Body><b xmlns='urn:b'>x</b></E:Body></E:Envelope>";

#[test]
fn an_envelope_is_read_whatever_its_prefixes() {
    let read = Envelope::parse(ENVELOPE.as_bytes()).unwrap();
    assert!(read.header("urn:a", "a").is_some());
    assert_eq!(read.body.len(), 1);
    assert_eq!(read.body[0].text(), "x");
    assert!(read.fault().is_none());
    let bare = format!("<Envelope xmlns='{NAMESPACE}'><Body/></Envelope>");
    assert_eq!(Envelope::parse(bare.as_bytes()), Ok(Envelope::default()));
}

#[test]
fn what_is_no_envelope_is_refused() {
    let envelope =
        |inside: &str| format!("<s:Envelope xmlns:s='{NAMESPACE}'>{inside}</s:Envelope>");
    let rows = [
        ("<Envelope><Body/></Envelope>".to_owned(), Unreadable::OtherVersion),
        (
            "<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope'><s:Body/></s:Envelope>"
                .to_owned(),
            Unreadable::OtherVersion,
        ),
        (format!("<s:Body xmlns:s='{NAMESPACE}'/>"), Unreadable::NotSoap),
        (envelope(""), Unreadable::NotSoap),
        (envelope("<s:Header/>"), Unreadable::NotSoap),
        (envelope("<s:Body/><s:Body/>"), Unreadable::NotSoap),
        (envelope("<s:Body/><s:Header/>"), Unreadable::NotSoap),
        (envelope("<s:Header/><s:Header/><s:Body/>"), Unreadable::NotSoap),
        (envelope("<Body/>"), Unreadable::NotSoap),
        (envelope("<s:Other/><s:Body/>"), Unreadable::NotSoap),
        ("<a>".to_owned(), Unreadable::Xml(Refused::NotWellFormed)),
        ("<!DOCTYPE a><a/>".to_owned(), Unreadable::Xml(Refused::DocumentType)),
    ];
    for (document, why) in rows {
        assert_eq!(Envelope::parse(document.as_bytes()), Err(why), "{document}");
    }
}

#[test]
fn a_header_that_must_be_understood_is_found() {
    let rows = [
        ("", "must", false),
        ("s:mustUnderstand='0'", "must", false),
        ("s:mustUnderstand='1'", "must", true),
        ("s:mustUnderstand='true'", "must", true),
        ("s:mustUnderstand='1'", "known", false),
        ("mustUnderstand='1'", "must", false),
        ("s:mustUnderstand='1' s:actor='http://schemas.xmlsoap.org/soap/actor/next'", "must", true),
        ("s:mustUnderstand='1' s:actor='urn:somebody-else'", "must", false),
    ];
    for (attributes, name, found) in rows {
        let document = format!(
            "<s:Envelope xmlns:s='{NAMESPACE}'><s:Header><{name} {attributes}/></s:Header>\
             <s:Body/></s:Envelope>"
        );
        let read = Envelope::parse(document.as_bytes()).unwrap();
        let header = read.not_understood(|header| header.name() == "known");
        assert_eq!(header.is_some(), found, "{document}");
    }
}

#[test]
fn a_fault_is_read_in_each_way_that_it_is_written() {
    let rows = [
        ("<faultcode>SOAP:Server</faultcode><faultstring>Why</faultstring><detail/>", "Why"),
        ("<faultcode>Server.Busy</faultcode><faultstring>\n Why \n</faultstring>", "Why"),
        ("<s:faultcode>s:Server</s:faultcode><s:faultstring>Why</s:faultstring>", "Why"),
        ("<faultcode>x:Unheard</faultcode>", ""),
    ];
    for (inside, text) in rows {
        let document = format!(
            "<s:Envelope xmlns:s='{NAMESPACE}'><s:Body><s:Fault>{inside}</s:Fault></s:Body>\
             </s:Envelope>"
        );
        let read = Envelope::parse(document.as_bytes()).unwrap();
        assert_eq!(read.fault(), Some(Fault::new(FaultCode::Server, text)), "{document}");
    }
}

#[test]
fn a_fault_is_written_as_the_standard_shows_it() {
    let detail = vec![Element::new("urn:d", "errors").with_text("1")];
    let fault = Fault { detail, ..Fault::new(FaultCode::Client, "a < b") };
    assert_eq!(
        Envelope::of(fault.into_element()).write(&[("d", "urn:d")]),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\" \
         xmlns:d=\"urn:d\"><soap:Body><soap:Fault><faultcode>soap:Client</faultcode>\
         <faultstring>a &lt; b</faultstring><detail><d:errors>1</d:errors></detail>\
         </soap:Fault></soap:Body></soap:Envelope>"
    );
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "[!-~€]([ -~\n€]{0,8}[!-~€])?"]
}

fn part() -> impl Strategy<Value = Element<'static>> {
    ("urn:[a-c]", "[A-Za-z]{1,6}", text())
        .prop_map(|(namespace, name, text)| Element::new(namespace, name).with_text(text))
}

fn parts() -> impl Strategy<Value = Vec<Element<'static>>> {
    proptest::collection::vec(part(), 0..4)
}

proptest! {
    #[test]
    fn a_message_that_is_written_is_read_again(headers in parts(), body in parts()) {
        let message = Envelope { headers, body };
        let text = message.clone().write(&[("a", "urn:a")]);
        prop_assert_eq!(Envelope::parse(text.as_bytes()), Ok(message));
    }

    #[test]
    fn a_fault_that_is_written_is_read_again(
        code in 0..4_usize,
        said in text(),
        actor in proptest::option::of(text()),
        detail in parts(),
    ) {
        let code = [
            FaultCode::VersionMismatch,
            FaultCode::MustUnderstand,
            FaultCode::Client,
            FaultCode::Server,
        ][code];
        let fault = Fault { code, text: said.into(), actor: actor.map(Into::into), detail };
        let text = Envelope::of(fault.clone().into_element()).write(&[]);
        let read = Envelope::parse(text.as_bytes()).unwrap();
        prop_assert_eq!(read.fault(), Some(fault));
    }

    #[test]
    fn an_envelope_with_changes_never_panics(
        at in 0..ENVELOPE.len(),
        with in "[<>&;:/'=!?asE ]{0,4}",
    ) {
        let mut text = ENVELOPE.to_owned();
        text.replace_range(at..=at, &with);
        if let Ok(read) = Envelope::parse(text.as_bytes()) {
            let _ = read.fault();
            let _ = read.not_understood(|_| false);
        }
    }
}
