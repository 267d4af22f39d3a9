use proptest::prelude::*;

use super::*;

fn envelope(headers: &str) -> String {
    format!(
        "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/' \
         xmlns:w='http://schemas.xmlsoap.org/ws/2004/08/addressing' \
         xmlns:v='http://www.w3.org/2005/08/addressing'><s:Header>{headers}</s:Header>\
         <s:Body/></s:Envelope>"
    )
}

#[test]
fn headers_of_both_kinds_are_read() {
    for (prefix, version) in [("w", Version::August2004), ("v", Version::August2005)] {
        let document = envelope(&format!(
            "<{prefix}:MessageID>\n uuid:1 </{prefix}:MessageID>\
             <{prefix}:Action>a</{prefix}:Action>\
             <{prefix}:From><{prefix}:Address/></{prefix}:From><{prefix}:ReplyTo/>"
        ));
        let read = Addressing::read(&Envelope::parse(document.as_bytes()).unwrap()).unwrap();
        let expected = Addressing {
            message_id: Some("uuid:1".into()),
            action: Some("a".into()),
            from: Some(String::new()),
            ..Addressing::new(version)
        };
        assert_eq!(read, Some(expected));
    }
    let document = envelope("<other/>");
    assert_eq!(Addressing::read(&Envelope::parse(document.as_bytes()).unwrap()), Ok(None));
}

#[test]
fn a_header_that_stands_twice_is_refused() {
    let read = |headers: &str| {
        let document = envelope(headers);
        Addressing::read(&Envelope::parse(document.as_bytes()).unwrap())
            .map(|read| read.and_then(|read| read.relates_to))
    };
    assert_eq!(read("<w:To>a</w:To><w:To>a</w:To>"), Err(Repeated("To")));
    assert_eq!(read("<w:To>a</w:To><v:To>a</v:To>"), Ok(None));
    let relates = read("<w:RelatesTo>a</w:RelatesTo><w:RelatesTo>b</w:RelatesTo>");
    assert_eq!(relates, Ok(Some("a".to_owned())));
}

#[test]
fn answers_go_back_where_the_message_came_from_unless_it_says_otherwise() {
    let rows = [
        (None, true),
        (Some(""), true),
        (Some(Version::August2004.anonymous()), true),
        (Some(Version::August2005.anonymous()), false),
        (Some("https://somewhere.example"), false),
    ];
    for (reply_to, here) in rows {
        let reply_to = reply_to.map(str::to_owned);
        let addressing = Addressing { reply_to, ..Addressing::new(Version::August2004) };
        assert_eq!(addressing.answers_here(), here, "{addressing:?}");
    }
}

fn text() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(prop_oneof![Just(String::new()), "[!-~]([ -~]{0,8}[!-~])?"])
}

fn addressing() -> impl Strategy<Value = Addressing> {
    (0..2_usize, [text(), text(), text(), text(), text(), text(), text()]).prop_map(
        |(version, [message_id, action, to, from, reply_to, fault_to, relates_to])| Addressing {
            version: Version::ALL[version],
            message_id,
            action,
            to,
            from,
            reply_to,
            fault_to,
            relates_to,
        },
    )
}

proptest! {
    #[test]
    fn headers_that_are_written_are_read_again(addressing in addressing()) {
        let message = Envelope { headers: addressing.elements(), body: Vec::new() };
        let text = message.write(&[addressing.version.prefix()]);
        let read = Addressing::read(&Envelope::parse(text.as_bytes()).unwrap()).unwrap();
        let nothing = Addressing::new(addressing.version);
        prop_assert_eq!(read.unwrap_or(nothing), addressing);
    }
}
