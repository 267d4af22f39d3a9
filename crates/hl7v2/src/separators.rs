//! The characters that a message is divided by: it says itself which, in MSH-1 and MSH-2.
//!
//! Clause: HL7 2.5.1 chapter 2, 2.5.4 (<https://www.hl7.eu/HL7v2x/v251/std251/ch02.html#Heading12>).

/// The characters that a message is divided by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Separators {
    /// Between fields: MSH-1.
    pub field: u8,
    /// Between components.
    pub component: u8,
    /// Between repetitions of a field.
    pub repetition: u8,
    /// Begins and ends an escape sequence.
    pub escape: u8,
    /// Between parts of a component.
    pub subcomponent: u8,
}

impl Default for Separators {
    /// Those that the standard recommends: `|^~\&`.
    fn default() -> Self {
        Self { field: b'|', component: b'^', repetition: b'~', escape: b'\\', subcomponent: b'&' }
    }
}

impl Separators {
    /// Reads them off the beginning of a message: `MSH|^~\&`. A fifth character, for truncation
    /// (version 2.7), is passed over; the last two may be absent.
    ///
    /// Nothing when the message does not begin like that, when two are the same, or when one is a
    /// letter, a digit, a space or no ASCII.
    pub fn read(message: &[u8]) -> Option<Self> {
        let (&field, rest) = message.strip_prefix(b"MSH")?.split_first()?;
        let end = rest.iter().position(|&byte| byte == field || byte == b'\r' || byte == b'\n');
        let given = rest.get(..end.unwrap_or(rest.len()))?;
        let usual = Self::default();
        let (component, repetition, escape, subcomponent) = match *given {
            [component, repetition] => (component, repetition, usual.escape, usual.subcomponent),
            [component, repetition, escape] => (component, repetition, escape, usual.subcomponent),
            [component, repetition, escape, subcomponent]
            | [component, repetition, escape, subcomponent, _] => {
                (component, repetition, escape, subcomponent)
            }
            _ => return None,
        };
        let found = Self { field, component, repetition, escape, subcomponent };
        found.are_good().then_some(found)
    }

    /// The content of MSH-2.
    pub fn encoding(self) -> [u8; 4] {
        [self.component, self.repetition, self.escape, self.subcomponent]
    }

    fn are_good(self) -> bool {
        let [component, repetition, escape, subcomponent] = self.encoding();
        let mut all = [self.field, component, repetition, escape, subcomponent];
        all.sort_unstable();
        all.iter().all(u8::is_ascii_punctuation)
            && all.windows(2).all(|pair| pair.first() != pair.last())
    }
}
