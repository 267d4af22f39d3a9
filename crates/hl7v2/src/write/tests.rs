use proptest::prelude::*;

use super::Writer;
use crate::{Message, Separators};

fn separators() -> impl Strategy<Value = Separators> {
    let all: Vec<u8> = (b'!'..=b'~').filter(u8::is_ascii_punctuation).collect();
    proptest::sample::subsequence(all, 5).prop_shuffle().prop_map(|some| Separators {
        field: some[0],
        component: some[1],
        repetition: some[2],
        escape: some[3],
        subcomponent: some[4],
    })
}

type Texts = Vec<Vec<Vec<String>>>;

fn fields() -> impl Strategy<Value = Texts> {
    let text = "([ -~\r\n\u{b}\u{1c}éß€🙂]|\\\\[EFRSTX0-9]*\\\\){0,12}";
    let components = proptest::collection::vec(text, 1..4);
    let repetitions = proptest::collection::vec(components, 1..4);
    proptest::collection::vec(repetitions, 0..6)
}

proptest! {
    #[test]
    fn what_is_written_is_read_the_same(separators in separators(), fields in fields()) {
        let mut writer = Writer::header(separators).segment("PID");
        for field in &fields {
            let repetitions: Vec<Vec<&str>> = field
                .iter()
                .map(|components| components.iter().map(String::as_str).collect())
                .collect();
            let repetitions: Vec<&[&str]> = repetitions.iter().map(Vec::as_slice).collect();
            writer = writer.repetitions(&repetitions);
        }
        let bytes = writer.finish();
        let message = Message::read(&bytes).unwrap();
        prop_assert_eq!(message.separators(), separators);
        prop_assert_eq!(message.segments().count(), 2);
        let read: Texts = message
            .segment("PID")
            .unwrap()
            .fields()
            .map(|field| {
                let components = |one: crate::Field<'_>| {
                    one.components().map(|component| component.text()).collect()
                };
                field.repetitions().map(components).collect()
            })
            .collect();
        prop_assert_eq!(read, fields);
    }
}
