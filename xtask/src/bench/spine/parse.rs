//! What reading an ebXML message costs, beside the XML parser beneath, which keeps nothing and
//! refuses little.

use std::hint::black_box;
use std::time::{Duration, Instant};

use hl7v3::ebxml::{Content, Header, Message, Package, Party, Reference};
use hl7v3::multipart::{ContentType, Part};
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Value, json};

/// Payloads of so many entries each: a request, and a record.
const ENTRIES: [usize; 2] = [1, 8_000];

/// What one size of message came to.
pub(crate) struct Parsed {
    bytes: usize,
    /// Megabytes in a second, of ours and of the parser's.
    ours: f64,
    bare: f64,
}

impl Parsed {
    /// Prints it as a line.
    pub(crate) fn print(&self) {
        println!(
            "  {:>9} bytes: {:>6.0} MB a second; bare {:>6.0}; {:.2} of it",
            self.bytes,
            self.ours,
            self.bare,
            self.ours / self.bare
        );
    }

    /// The same as JSON.
    pub(crate) fn json(&self) -> Value {
        json!({ "bytes": self.bytes, "mb_a_second": self.ours, "bare_mb_a_second": self.bare })
    }
}

/// Reads messages of every size for this long, in both ways.
pub(crate) fn measure(turn: Duration) -> Result<Vec<Parsed>, String> {
    ENTRIES.iter().map(|entries| one(*entries, turn)).collect()
}

fn one(entries: usize, turn: Duration) -> Result<Parsed, String> {
    let (content_type, body, documents) = message(entries)?;
    let ours = rate(body.len(), turn, || {
        Package::read(&content_type, &body).map(drop).map_err(|why| format!("{why:?}"))
    })?;
    let bare = rate(documents.iter().map(String::len).sum(), turn, || {
        documents.iter().try_for_each(|document| bare(document))
    })?;
    Ok(Parsed { bytes: body.len(), ours, bare })
}

/// Megabytes in a second: the best of three turns.
fn rate(
    bytes: usize,
    turn: Duration,
    read: impl Fn() -> Result<(), String>,
) -> Result<f64, String> {
    let mut best = 0_f64;
    for _ in 0..3 {
        let (began, mut times) = (Instant::now(), 0_usize);
        while began.elapsed() < turn {
            read()?;
            times += 1;
        }
        best = best.max((times * bytes) as f64 / 1e6 / began.elapsed().as_secs_f64());
    }
    Ok(best)
}

fn bare(document: &str) -> Result<(), String> {
    let mut reader = Reader::from_str(document);
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Eof => return Ok(()),
            event => drop(black_box(event)),
        }
    }
}

/// A message as it travels, and the XML documents in it.
fn message(entries: usize) -> Result<(String, Vec<u8>, [String; 2]), String> {
    let failed = |why: &dyn std::fmt::Debug| format!("no message: {why:?}");
    let header = Header {
        from: Party::new("Y99991-000001", "urn:example:key"),
        to: Party::new("Y99992-000002", "urn:example:key"),
        cpa: "S-BENCH".to_owned(),
        conversation: "0B9D3A52-8F3B-4B3E-9C36-2F37A6B7B1A0".to_owned(),
        service: "urn:example:services:transfer".to_owned(),
        action: "RECORD_IN01".to_owned(),
        message_id: "5F0E9A1C-6D4B-4A7E-8C55-0B7A3C1D2E3F".to_owned(),
        timestamp: "2026-03-05T10:20:30Z".to_owned(),
        ..Header::default()
    };
    let content = Content::Manifest(vec![Reference::to_part("payload@bench.example")]);
    let message = Message { header, content };
    let head = hl7v3::ebxml::write(&message).map_err(|why| failed(&why))?;
    let payload = payload(entries);
    let part = Part::plain("payload@bench.example", "application/xml", payload.clone());
    let related = ContentType {
        boundary: "--=_bench".to_owned(),
        kind: "text/xml".to_owned(),
        start: "header@bench.example".to_owned(),
    };
    let package = Package { message, parts: vec![part] };
    let (content_type, body) = package.write(&related).map_err(|why| failed(&why))?;
    Ok((content_type, body, [head, payload]))
}

/// A record in HL7 V3 with so many entries.
fn payload(entries: usize) -> String {
    let entry = |number: usize| {
        format!(
            "<component typeCode=\"COMP\"><ObservationStatement classCode=\"OBS\" moodCode=\"EVN\">\
             <id root=\"0B9D3A52-8F3B-4B3E-9C36-{number:012}\"/>\
             <code code=\"22K..00\" codeSystem=\"1.2.3\" displayName=\"A code\"/>\
             <statusCode code=\"COMPLETE\"/><effectiveTime><center value=\"20260305\"/>\
             </effectiveTime><pertinentInformation><pertinentAnnotation><text>What was said of it, \
             in a line or two &amp; no more.</text></pertinentAnnotation></pertinentInformation>\
             </ObservationStatement></component>"
        )
    };
    let entries: String = (0..entries).map(entry).collect();
    format!("<RECORD_IN01 xmlns=\"urn:hl7-org:v3\"><id root=\"1\"/>{entries}</RECORD_IN01>")
}
