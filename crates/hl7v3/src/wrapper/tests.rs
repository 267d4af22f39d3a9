use proptest::prelude::*;

use super::*;
use crate::xml;

const ANSWER: &str = "<h:QQQQ_IN000001 xmlns:h='urn:hl7-org:v3'>
    <h:id root='0BD2F9A1-0000-4000-8000-000000000001'/>
    <h:creationTime value='20260101120000'/>
    <h:interactionId root='1.2.3' extension='QQQQ_IN000001'/>
    <h:processingCode code='P'/><h:processingModeCode code='T'/><h:acceptAckCode code='NE'/>
    <h:acknowledgement typeCode='AE'>
        <h:messageRef><h:id root='0BD2F9A1-0000-4000-8000-000000000002'/></h:messageRef>
        <h:acknowledgementDetail typeCode='ER'><h:code code='5000' codeSystem='1.2.4'/>
        </h:acknowledgementDetail>
    </h:acknowledgement>
    <h:communicationFunctionSnd><h:device><h:id root='1.2.5' extension='600000000001'/></h:device>
    </h:communicationFunctionSnd>
    <h:ControlActEvent>
        <h:author><h:AgentPersonSDS/></h:author>
        <h:author1><h:AgentSystemSDS><h:agentSystemSDS><h:id root='1.2.5' extension='600000000001'/>
        </h:agentSystemSDS></h:AgentSystemSDS></h:author1>
        <h:reason><h:justifyingDetectedIssueEvent><h:code code='1' displayName='no'>
            <h:qualifier code='ER'/></h:code></h:justifyingDetectedIssueEvent></h:reason>
        <h:subject><h:Thing/></h:subject>
        <h:queryAck><h:queryResponseCode code='AE'/></h:queryAck>
    </h:ControlActEvent>
</h:QQQQ_IN000001>";

fn read(text: &str) -> Result<Transmission<'_>, Malformed> {
    Transmission::read(xml::parse(text.as_bytes()).unwrap())
}

#[test]
fn a_message_is_read_with_much_left_out() {
    let read = read(ANSWER).unwrap();
    assert_eq!(read.interaction, InstanceId::new("1.2.3", "QQQQ_IN000001"));
    assert_eq!(read.id, "0BD2F9A1-0000-4000-8000-000000000001");
    assert_eq!(read.sender, InstanceId::new("1.2.5", "600000000001"));
    assert_eq!(read.receiver, InstanceId::default());
    let acknowledgement = read.acknowledgement.unwrap();
    assert_eq!(acknowledgement.kind, AckKind::Error);
    assert_eq!(acknowledgement.of, "0BD2F9A1-0000-4000-8000-000000000002");
    assert_eq!(acknowledgement.details[0].code, "5000");
    let act = read.act.unwrap();
    assert_eq!(act.author.unwrap().name(), "AgentPersonSDS");
    assert_eq!(act.system, Some(InstanceId::new("1.2.5", "600000000001")));
    let issue =
        Code { code: "1".into(), display: "no".into(), qualifier: "ER".into(), ..Code::default() };
    assert_eq!(act.issues, [issue]);
    assert_eq!(act.subjects[0].name(), "Thing");
    assert_eq!(act.query_response, "AE");
}

#[test]
fn what_is_no_message_is_refused() {
    let rows = [
        ("<A_IN1/>", Malformed::NotV3),
        ("<A_IN1 xmlns='urn:hl7-org:v2'/>", Malformed::NotV3),
        ("<A_IN1 xmlns='urn:hl7-org:v3'/>", Malformed::NoId),
        ("<A_IN1 xmlns='urn:hl7-org:v3'><id/></A_IN1>", Malformed::NoId),
        (
            "<A_IN1 xmlns='urn:hl7-org:v3'><id root='1'/>\
             <interactionId extension='A_IN2'/></A_IN1>",
            Malformed::TwoInteractions,
        ),
        (
            "<A_IN1 xmlns='urn:hl7-org:v3'><id root='1'/><acknowledgement typeCode='AA'/></A_IN1>",
            Malformed::Acknowledgement,
        ),
        (
            "<A_IN1 xmlns='urn:hl7-org:v3'><id root='1'/><acknowledgement typeCode='XX'>\
             <messageRef><id root='2'/></messageRef></acknowledgement></A_IN1>",
            Malformed::Acknowledgement,
        ),
    ];
    for (document, why) in rows {
        assert_eq!(read(document), Err(why), "{document}");
    }
}

#[test]
fn the_parts_of_a_message_are_written_in_the_order_of_the_standard() {
    let element = read(ANSWER).unwrap().into_element();
    let names = |element: &Element<'_>| {
        element.elements().map(|part| part.name().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        names(&element),
        [
            "id",
            "creationTime",
            "interactionId",
            "processingCode",
            "processingModeCode",
            "acceptAckCode",
            "acknowledgement",
            "communicationFunctionRcv",
            "communicationFunctionSnd",
            "ControlActEvent"
        ]
    );
    let act = element.first(NAMESPACE, "ControlActEvent").unwrap();
    assert_eq!(names(act), ["author", "author1", "reason", "subject", "queryAck"]);
    assert_eq!(act.attribute("moodCode"), Some("EVN"));
    let acknowledgement = element.first(NAMESPACE, "acknowledgement").unwrap();
    assert_eq!(names(acknowledgement), ["acknowledgementDetail", "messageRef"]);
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), said_text()]
}

fn said_text() -> impl Strategy<Value = String> {
    "[!-~€]([ -~€]{0,8}[!-~€])?"
}

fn id() -> impl Strategy<Value = InstanceId> {
    (text(), text()).prop_map(|(root, extension)| InstanceId::new(root, extension))
}

fn code() -> impl Strategy<Value = Code> {
    [text().boxed(), text().boxed(), text().boxed(), text().boxed()]
        .prop_map(|[code, system, display, qualifier]| Code { code, system, display, qualifier })
}

fn thing() -> impl Strategy<Value = Element<'static>> {
    ("[A-Z][a-z]{0,5}", text()).prop_map(|(name, text)| Element::new("urn:t", name).with_text(text))
}

fn act() -> impl Strategy<Value = ControlAct<'static>> {
    let query = text().prop_map(|text| said("query").with_text(text));
    (
        proptest::option::of(thing()),
        proptest::option::of(id()),
        proptest::collection::vec(code(), 0..3),
        proptest::collection::vec(thing(), 0..3),
        proptest::option::of(query),
        text(),
    )
        .prop_map(|(author, system, issues, subjects, query, query_response)| ControlAct {
            author,
            system,
            issues,
            subjects,
            query,
            query_response,
        })
}

fn acknowledgement() -> impl Strategy<Value = Acknowledgement> {
    let kind = prop_oneof![Just(AckKind::Accept), Just(AckKind::Error), Just(AckKind::Reject)];
    (kind, text(), proptest::collection::vec(code(), 0..3))
        .prop_map(|(kind, of, details)| Acknowledgement { kind, of, details })
}

fn transmission() -> impl Strategy<Value = Transmission<'static>> {
    (
        (text(), "[A-Z]{4}_IN[0-9]{6}UK[0-9]{2}"),
        [said_text().boxed(), text().boxed(), text().boxed()],
        [text().boxed(), text().boxed(), text().boxed()],
        proptest::option::of(acknowledgement()),
        (id(), id()),
        proptest::option::of(act()),
    )
        .prop_map(
            |(
                (root, name),
                [id, created, version],
                [processing, mode, accept_ack],
                acknowledgement,
                (receiver, sender),
                act,
            )| Transmission {
                interaction: InstanceId::new(root, name),
                id,
                created,
                version,
                processing,
                mode,
                accept_ack,
                acknowledgement,
                receiver,
                sender,
                act,
            },
        )
}

proptest! {
    #[test]
    fn a_message_that_is_written_is_read_again(message in transmission()) {
        let text = xml::write(&message.clone().into_element(), &[("", NAMESPACE)]);
        prop_assert_eq!(read(&text), Ok(message));
    }

    #[test]
    fn a_message_with_changes_never_panics(
        at in 0..ANSWER.len(),
        with in "[<>&;:/'=!?ah ]{0,4}",
    ) {
        let mut text = ANSWER.to_owned();
        text.replace_range(at..=at, &with);
        if let Ok(element) = xml::parse(text.as_bytes()) {
            let _ = Transmission::read(element);
        }
    }
}
