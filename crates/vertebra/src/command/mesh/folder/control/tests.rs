//! Control files as clients write them, and as nobody should.

use proptest::prelude::*;

use super::*;

#[test]
fn a_control_file_is_read() {
    let text = "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
        <DTSControl>\n  <Version>1.0</Version>\n  <To_DTS> X26ABC2 </To_DTS>\n\
        <Subject>Smith &amp; sons &#233;<![CDATA[ <b>]]></Subject>\n  <LocalId/>\n\
        <!-- nothing --><Compress>y</Compress><Own>kept</Own>\n\
        <StatusRecord><Event>SEND</Event></StatusRecord></DTSControl>\n";
    let control = Control::read(text.as_bytes()).unwrap();
    assert_eq!(control.get("Version"), "1.0");
    assert_eq!(control.get("To_DTS"), "X26ABC2");
    assert_eq!(control.get("Subject"), "Smith & sons é <b>");
    assert_eq!(control.get("LocalId"), "");
    assert_eq!(control.get("Own"), "kept");
    assert_eq!(control.get("Event"), "", "that of the status is not the file's");
    assert!(control.is("Compress"));
    assert!(!control.is("Encrypted"));
}

#[test]
fn what_is_no_control_file_is_refused() {
    let many = format!("<DTSControl>{}</DTSControl>", "<A/>".repeat(CONTROL_FILE_ELEMENTS_MAX));
    let large = format!("<DTSControl><A>{}</A></DTSControl>", "x".repeat(CONTROL_FILE_BYTES_MAX));
    for (text, says) in [
        ("", "no whole"),
        ("hello", "no whole"),
        ("<DTSControl><A>", "no whole"),
        ("<DTSControl><A></B></DTSControl>", "not XML"),
        ("<Letter/>", "<Letter>"),
        ("<DTSControl/><DTSControl/>", "<DTSControl>"),
        ("<DTSControl><A><B/></A></DTSControl>", "<B>"),
        ("<DTSControl><StatusRecord><A><B/></A></StatusRecord></DTSControl>", "<B>"),
        ("<!DOCTYPE a [<!ENTITY b \"c\">]><DTSControl><A>&b;</A></DTSControl>", "document type"),
        ("<DTSControl><A>&b;</A></DTSControl>", "not XML"),
        (many.as_str(), "elements"),
        (large.as_str(), "bytes"),
    ] {
        let refused = Control::read(text.as_bytes()).unwrap_err();
        assert!(refused.contains(says), "{text:.60}: {refused}");
    }
    assert!(Control::read(b"<DTSControl>\xff</DTSControl>").unwrap_err().contains("UTF-8"));
}

#[test]
fn what_became_of_a_message_takes_the_place_of_what_was_said_before() {
    let mut control = Control::default();
    control.set("DTSId", "");
    control.set("WorkflowId", "W");
    control.set("WorkflowId", "W2");
    let status = |code| Status {
        at: "20260101120000",
        event: "SEND",
        success: false,
        code,
        description: "",
    };
    control.ended(&status("12"));
    control.ended(&status("14"));
    let text = String::from_utf8(control.write().unwrap()).unwrap();
    assert_eq!(
        text,
        "<DTSControl>\n  <WorkflowId>W2</WorkflowId>\n  <StatusRecord>\n    \
         <DateTime>20260101120000</DateTime>\n    <Event>SEND</Event>\n    \
         <Status>ERROR</Status>\n    <StatusCode>14</StatusCode>\n    \
         <Description></Description>\n  </StatusRecord>\n</DTSControl>\n"
    );
}

fn fields() -> impl Strategy<Value = Vec<(String, String)>> {
    let name = "[A-Za-z][A-Za-z0-9_.]{0,20}".prop_filter("no status", |name| name != STATUS);
    let text = "[ -~éß€\u{1F600}\n]{0,40}".prop_map(|text| text.trim().to_owned());
    prop::collection::vec((name, text), 0..20)
}

proptest! {
    #[test]
    fn what_was_written_is_read_again(fields in fields(), status in fields()) {
        let control = Control { fields, status };
        let written = control.write().unwrap();
        prop_assert_eq!(Control::read(&written).unwrap(), control);
    }

    #[test]
    fn nothing_makes_it_fall_over(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Control::read(&bytes);
    }

    #[test]
    fn no_markup_makes_it_fall_over(text in "[<>/&;a-cDTSControl!\\[\\]\"= -]{0,200}") {
        let _ = Control::read(text.as_bytes());
    }
}
