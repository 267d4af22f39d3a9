use super::{Acknowledgement, Code, Stamp, write};
use crate::{Condition, Header, Message, Problem};

const STAMP: Stamp<'_> = Stamp { control_id: "V1", at: "20261122213000+0000" };

fn acknowledge(header: &str, problem: Option<&Problem>) -> (bool, String) {
    let message = Message::read(header.as_bytes()).unwrap();
    let header = Header::read(&message).unwrap();
    let code = Code::about(&header, problem);
    let text = String::from_utf8(write(&header, code, problem, STAMP)).unwrap();
    (code.is_wanted(&header), text.replace('\r', "\n"))
}

#[test]
fn sender_and_receiver_change_places() {
    let (wanted, text) = acknowledge(r"MSH|^~\&|LAB^1^ISO|RX1|GP|A8|||ORU^R01|7\T\7|T|2.5.1", None);
    assert!(wanted);
    assert_eq!(
        text,
        "MSH|^~\\&|GP|A8|LAB^1^ISO|RX1|20261122213000+0000||ACK^R01^ACK|V1|T|2.5.1\n\
         MSA|AA|7\\T\\7\n"
    );
    let (_, text) = acknowledge("MSH#*!?%#A#B#C#D###ADT#1#P#2.3", None);
    assert_eq!(text, "MSH#*!?%#C#D#A#B#20261122213000+0000##ACK#V1#P#2.3\nMSA#AA#1\n");
}

#[test]
fn what_is_wrong_is_said_in_the_words_of_the_version() {
    let problem = Problem::reject(Condition::UnknownKey, 6, "nobody is called 'A|8'");
    let head = |version| format!(r"MSH|^~\&|LAB|RX1|GP|A8|||ORU^R01|7|P|{version}");
    let (_, text) = acknowledge(&head("2.5.1"), Some(&problem));
    let (_, told) = text.split_once('\n').unwrap();
    let words = r"nobody is called 'A\F\8'";
    assert_eq!(
        told,
        format!("MSA|AR|7|{words}\nERR||MSH^1^6|204^Unknown key identifier^HL70357|E||||{words}\n")
    );
    let (_, text) = acknowledge(&head("2.4"), Some(&problem));
    assert!(text.ends_with(&format!("MSA|AR|7|{words}\nERR|MSH^1^6^204\n")), "{text}");
    let (_, text) = acknowledge(&head("2.7"), Some(&problem));
    assert!(text.contains("MSA|AR|7\nERR||"), "{text}");
}

#[test]
fn each_mode_has_its_codes_and_its_wishes() {
    let reject = Problem::reject(Condition::Internal, 0, "no");
    let error = Problem::error(Condition::DuplicateKey, 10, "no");
    let rows = [
        ("|", None, "AA", true),
        ("|", Some(&error), "AE", true),
        ("|", Some(&reject), "AR", true),
        ("AL|AL", None, "CA", true),
        ("AL|NE", Some(&error), "CE", true),
        ("AL|", Some(&reject), "CR", true),
        ("NE|AL", None, "CA", false),
        ("NE|", Some(&reject), "CR", false),
        ("ER|", None, "CA", false),
        ("ER|", Some(&error), "CE", true),
        ("SU|", None, "CA", true),
        ("SU|", Some(&error), "CE", false),
        ("|AL", None, "CA", true),
        ("XX|", None, "CA", true),
    ];
    for (modes, problem, code, wanted) in rows {
        let header = format!(r"MSH|^~\&|A|B|C|D|||ADT^A01|1|P|2.5|||{modes}");
        let (is_wanted, text) = acknowledge(&header, problem);
        assert_eq!(is_wanted, wanted, "{modes} {problem:?}");
        let message = text.replace('\n', "\r");
        let read = Acknowledgement::read(&Message::read(message.as_bytes()).unwrap()).unwrap();
        assert_eq!((read.code.name(), read.control_id.as_str()), (code, "1"), "{modes}");
        assert_eq!(read.code.accepts(), problem.is_none());
    }
}

#[test]
fn what_is_wrong_is_read_in_the_words_of_every_version() {
    let rows = [
        (r"MSA|AE|1", None),
        (r"MSA|AE|1||||207^Application internal error^HL70357", Some(Condition::Internal)),
        ("MSA|AE|1\rERR|PID^1^3^204&Unknown key&HL70357", None),
        ("MSA|AE|1\rERR|PID^1^3^204", Some(Condition::UnknownKey)),
        (
            "MSA|AE|1\rERR||PID^1^3|101^Required field missing^HL70357|E",
            Some(Condition::RequiredField),
        ),
        ("MSA|AE|1||||207\rERR||PID^1^3|101|E", Some(Condition::RequiredField)),
        ("MSA|AE|1\rERR||PID^1^3|no table|E", None),
    ];
    for (segments, condition) in rows {
        let text = format!("MSH|^~\\&|A\r{segments}\r");
        let read = Acknowledgement::read(&Message::read(text.as_bytes()).unwrap()).unwrap();
        assert_eq!(read.condition, condition, "{segments}");
    }
    for condition in Condition::ALL {
        let problem = Problem::error(condition, 0, "no");
        for version in ["2.3", "2.5.1", "2.7"] {
            let header = format!(r"MSH|^~\&|A|B|C|D|||ADT^A01|1|P|{version}");
            let (_, text) = acknowledge(&header, Some(&problem));
            let text = text.replace('\n', "\r");
            let read = Acknowledgement::read(&Message::read(text.as_bytes()).unwrap()).unwrap();
            assert_eq!(read.condition, Some(condition), "{version}");
        }
    }
}

#[test]
fn what_acknowledges_nothing_is_none() {
    for text in [r"MSH|^~\&|A", "MSH|^~\\&|A\rMSA|ZZ|1", "MSH|^~\\&|A\rMSA"] {
        assert_eq!(Acknowledgement::read(&Message::read(text.as_bytes()).unwrap()), None);
    }
}
