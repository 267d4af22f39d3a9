//! The control file that goes with each data file of a mailbox folder: XML, `DTSControl`.
//!
//! What we do not know is kept as it is, so that a file that was sent says what it said before,
//! and what became of it besides.

use base::limit::{CONTROL_FILE_BYTES_MAX, CONTROL_FILE_ELEMENTS_MAX};
use quick_xml::events::{BytesText, Event};
use quick_xml::{Reader, Writer};

const ROOT: &str = "DTSControl";
const STATUS: &str = "StatusRecord";

/// A control file: its elements in order, and what became of the message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Control {
    fields: Vec<(String, String)>,
    status: Vec<(String, String)>,
}

/// What became of a message.
pub(crate) struct Status<'a> {
    /// When, as `yyyyMMddHHmmss`.
    pub(crate) at: &'a str,
    /// What was done: `TRANSFER`, `SEND`, `COLLECT`.
    pub(crate) event: &'a str,
    /// Whether it went well.
    pub(crate) success: bool,
    /// `00`, or the code of what went wrong.
    pub(crate) code: &'a str,
    /// The same in words.
    pub(crate) description: &'a str,
}

impl Control {
    /// Reads a control file.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, String> {
        if bytes.len() > CONTROL_FILE_BYTES_MAX {
            return Err(format!("has more than {CONTROL_FILE_BYTES_MAX} bytes"));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| "is not UTF-8")?;
        let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
        let mut reading = Reading::default();
        loop {
            let event = reader.read_event().map_err(|error| format!("is not XML: {error}"))?;
            match event {
                Event::Start(start) => reading.start(start.name().as_ref())?,
                Event::Empty(empty) => {
                    reading.start(empty.name().as_ref())?;
                    reading.end()?;
                }
                Event::End(_) => reading.end()?,
                Event::Text(text) => reading.text.push_str(&text.xml10_content()),
                Event::CData(text) => reading.text.push_str(&text.xml10_content()),
                Event::GeneralRef(reference) => {
                    let named = format!("&{};", &*reference);
                    let known = quick_xml::escape::unescape(&named);
                    reading.text.push_str(&known.map_err(|error| format!("is not XML: {error}"))?);
                }
                Event::DocType(_) => return Err("has a document type, and may have none".into()),
                Event::Eof => return reading.done(),
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
            }
        }
    }

    /// Writes it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn write(&self) -> Result<Vec<u8>, String> {
        let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
        let elements = |writer: &mut Writer<Vec<u8>>, list: &[(String, String)]| {
            for (name, value) in list {
                writer.create_element(name.as_str()).write_text_content(BytesText::new(value))?;
            }
            std::io::Result::Ok(())
        };
        writer
            .create_element(ROOT)
            .write_inner_content(|writer| {
                elements(writer, &self.fields)?;
                if !self.status.is_empty() {
                    writer
                        .create_element(STATUS)
                        .write_inner_content(|writer| elements(writer, &self.status))?;
                }
                Ok(())
            })
            .map_err(|error| format!("cannot write a control file: {error}"))?;
        let mut bytes = writer.into_inner();
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// The text of an element; empty when it is not there.
    pub(crate) fn get(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// Whether an element says yes.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.get(name).eq_ignore_ascii_case("Y")
    }

    /// Says something in an element, in place of what it said before. An empty text that nobody
    /// said before is left out.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        let value = value.trim().to_owned();
        match self.fields.iter_mut().find(|(known, _)| known == name) {
            Some(field) => field.1 = value,
            None if value.is_empty() => {}
            None => self.fields.push((name.to_owned(), value)),
        }
    }

    /// Says what became of the message, in place of what was said before.
    pub(crate) fn ended(&mut self, status: &Status<'_>) {
        let outcome = if status.success { "SUCCESS" } else { "ERROR" };
        let line = |name: &str, value: &str| (name.to_owned(), value.trim().to_owned());
        self.status = vec![
            line("DateTime", status.at),
            line("Event", status.event),
            line("Status", outcome),
            line("StatusCode", status.code),
            line("Description", status.description),
        ];
    }
}

/// A control file that is being read.
#[derive(Default)]
struct Reading {
    control: Control,
    /// The elements that are open, the outermost first.
    open: Vec<String>,
    text: String,
    elements: usize,
    whole: bool,
}

impl Reading {
    fn start(&mut self, name: &str) -> Result<(), String> {
        self.elements += 1;
        if self.elements > CONTROL_FILE_ELEMENTS_MAX {
            return Err(format!("has more than {CONTROL_FILE_ELEMENTS_MAX} elements"));
        }
        let name = name.rsplit(':').next().unwrap_or_default();
        let fits = match self.open.as_slice() {
            [] => name == ROOT && !self.whole,
            [_] => true,
            [_, outer] => outer == STATUS,
            _ => false,
        };
        if !fits {
            return Err(format!("is no {ROOT}: it has <{name}> where none belongs"));
        }
        self.open.push(name.to_owned());
        self.text.clear();
        Ok(())
    }

    fn end(&mut self) -> Result<(), String> {
        let text = std::mem::take(&mut self.text).trim().to_owned();
        let name = self.open.pop().ok_or("is not XML: an end without a beginning")?;
        match self.open.len() {
            0 => self.whole = true,
            1 if name == STATUS => {}
            1 => self.control.fields.push((name, text)),
            _ => self.control.status.push((name, text)),
        }
        Ok(())
    }

    fn done(self) -> Result<Control, String> {
        let whole = self.whole && self.open.is_empty();
        if whole { Ok(self.control) } else { Err(format!("is no whole {ROOT}")) }
    }
}

#[cfg(test)]
mod tests;
