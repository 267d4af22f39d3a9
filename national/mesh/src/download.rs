//! A message as it is handed out: its headers, and its body or one chunk of it.
//!
//! Clause: "Get Message" of the API's specification.

use base::Fault;
use broker::{Envelope, Parcel, Reason, Report};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use service::{Download, Reply, Request};
use sha2::{Digest, Sha256};
use store::contents::Part;

use crate::envelope::{FLAGS, KEPT, put};
use crate::faults::{from_store, no_message, not_collected};
use crate::gzip::{self, Blocks};
use crate::house::House;
use crate::times;
use crate::version::Version;

const GZIP: &str = "gzip";
const OCTETS: &str = "application/octet-stream";
const COMPRESSED: &str = "mex-content-compressed";
const DAY_S: i64 = 24 * 3600;

/// What is handed out: the bytes as they are kept.
struct Kept {
    body: Body,
    encoding: &'static str,
    digest: [u8; 32],
}

enum Body {
    Inline(Bytes),
    Part(Blocks, u64),
}

/// The answer that hands out a chunk of a message.
///
/// # Errors
/// When there is no such chunk, or the store fails.
pub(crate) fn hand_out(
    house: &House,
    request: &Request,
    version: Version,
    parcel: &Parcel,
    number: u32,
) -> Result<Reply, Fault> {
    let parts = parcel.envelope.parts.max(1);
    if number > parts {
        return Err(no_message());
    }
    let status = if number < parts { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
    let mut reply = Reply::empty(status);
    describe(house, parcel, number, &mut reply.headers);
    if parcel.envelope.is_report() {
        put(&mut reply.headers, "content-type", OCTETS);
        return Ok(reply);
    }
    let media_type = &parcel.envelope.media_type;
    let own = version == Version::Two && parts == 1 && !media_type.is_empty();
    let media_type = if own { media_type } else { OCTETS };
    put(&mut reply.headers, "content-type", media_type);
    let accepted = gzip::is_accepted(&request.headers);
    fill(kept(house, parcel, number)?, version, accepted, &mut reply)?;
    Ok(reply)
}

/// The body as it is kept, or one chunk of it.
fn kept(house: &House, parcel: &Parcel, number: u32) -> Result<Kept, Fault> {
    let Some(content) = parcel.content else {
        let body = parcel.body.clone();
        let digest = Sha256::digest(&body).into();
        let encoding = if parcel.envelope.encoding == GZIP { GZIP } else { "" };
        return Ok(Kept { body: Body::Inline(body), encoding, digest });
    };
    let contents = house.store().contents();
    let gone = || not_collected(broker::Refused::Gone);
    let known = contents.get(content).map_err(from_store)?.ok_or_else(gone)?;
    let this = |part: &&Part| part.number == number;
    let part = known.present.iter().find(this).ok_or_else(gone)?;
    let mut reader = contents.read(content, number).map_err(from_store)?.ok_or_else(gone)?;
    let blocks: Blocks = Box::new(move || Ok(reader.next()?));
    let encoding = if part.note == GZIP { GZIP } else { "" };
    Ok(Kept { body: Body::Part(blocks, part.bytes), encoding, digest: part.digest })
}

/// Puts the body into the reply, packed or unpacked as the caller takes it.
fn fill(kept: Kept, version: Version, accepted: bool, reply: &mut Reply) -> Result<(), Fault> {
    let packed = kept.encoding == GZIP;
    // Version 1 hands out what was sent; version 2 packs what was not packed.
    let pack = !packed && accepted && version == Version::Two;
    let tag = kept.digest.iter().take(16).fold(0, |sum, byte| (sum << 8) | u128::from(*byte));
    let tag = format!("{tag:032x}");
    let tag = match (packed, accepted, pack) {
        (true, false, _) => format!("\"{tag}-unpacked\""),
        (_, _, true) => format!("\"{tag}-packed\""),
        _ => format!("\"{tag}\""),
    };
    put(&mut reply.headers, "etag", &tag);
    if (packed && accepted) || pack {
        put(&mut reply.headers, "content-encoding", GZIP);
        put(&mut reply.headers, COMPRESSED, "Y");
    }
    match (kept.body, pack, packed && !accepted) {
        (Body::Inline(body), true, _) => {
            reply.body = gzip::pack(&body).map_err(crate::faults::broken)?;
        }
        (Body::Inline(body), false, false) => reply.body = body,
        (Body::Inline(body), false, true) => {
            let mut body = Some(body);
            stream(reply, None, gzip::unpacked(Box::new(move || Ok(body.take()))));
        }
        (Body::Part(blocks, _), true, _) => stream(reply, None, gzip::packed(blocks)),
        (Body::Part(blocks, _), false, true) => stream(reply, None, gzip::unpacked(blocks)),
        (Body::Part(blocks, bytes), false, false) => stream(reply, Some(bytes), blocks),
    }
    Ok(())
}

fn stream(reply: &mut Reply, bytes: Option<u64>, blocks: Blocks) {
    reply.download = Some(Download::from_blocks(bytes, blocks));
}

/// What is said of a message beside its body.
fn describe(house: &House, parcel: &Parcel, number: u32, headers: &mut HeaderMap) {
    let envelope = &parcel.envelope;
    let id = broker::write_id(parcel.id);
    let at = broker::named_at(parcel.id);
    // A report has no body, and so no chunks.
    let parts = if envelope.is_report() { 0 } else { envelope.parts.max(1) };
    put(headers, "mex-messageid", &id);
    put(headers, "mex-from", if envelope.is_report() { "" } else { &envelope.from });
    put(headers, "mex-to", &envelope.to);
    put(headers, "mex-workflowid", &parcel.topic);
    put(headers, "mex-chunk-range", &format!("{number}:{parts}"));
    put(headers, "mex-total-chunks", &parts.to_string());
    put(headers, "mex-addresstype", "ALL");
    put(headers, "mex-version", "1.0");
    put(headers, "mex-localid", &envelope.local_id);
    put(headers, "mex-filename", &format!("{id}.dat"));
    for (name, header) in KEPT.into_iter().chain(FLAGS) {
        put(headers, header, envelope.extra(name).unwrap_or_default());
    }
    put(headers, "mex-content-type", &envelope.media_type);
    put(headers, "mex-conversation-id", &envelope.conversation);
    let answered = envelope.in_reply_to.filter(|_| !envelope.is_report());
    let answered = answered.map(|number| broker::write_id(number.into()));
    put(headers, "mex-in-reply-to", &answered.unwrap_or_default());
    put(headers, "mex-statustimestamp", &times::digits(at));
    put(headers, "last-modified", &times::http(at));
    if let Some(report) = &envelope.report {
        return report_on(house, envelope, report, headers);
    }
    put(headers, "mex-messagetype", "DATA");
    put(headers, "mex-statuscode", "00");
    put(headers, "mex-statusevent", "TRANSFER");
    put(headers, "mex-statusdescription", "Transferred to recipient mailbox");
    put(headers, "mex-statussuccess", "SUCCESS");
}

/// What a report says: the message that did not arrive, and why.
fn report_on(house: &House, envelope: &Envelope, report: &Report, headers: &mut HeaderMap) {
    let made_up = |name| envelope.extra(name).filter(|value| !value.is_empty());
    let (code, text) = reason(house, report);
    let linked = broker::write_id(report.about.into());
    put(headers, "mex-messagetype", "REPORT");
    put(headers, "mex-statuscode", made_up("code").unwrap_or(&code));
    put(headers, "mex-statusevent", "SEND");
    put(headers, "mex-statusdescription", made_up("text").unwrap_or(&text));
    put(headers, "mex-statussuccess", "ERROR");
    let linked = if report.about.0 == 0 { made_up("linked").unwrap_or_default() } else { &linked };
    put(headers, "mex-linkedmsgid", linked);
    let subject = envelope.extra("subject").unwrap_or_default();
    put(headers, "mex-subject", format!("NDR: {subject}").trim_end());
    // These speak of a body, and a report has none.
    for header in ["mex-content-type", "mex-content-checksum", COMPRESSED, FLAGS[0].1] {
        headers.remove(header);
    }
}

/// The code and the text of a report.
fn reason(house: &House, report: &Report) -> (String, String) {
    let days = house.broker.settings().deadline_s / DAY_S;
    match &report.reason {
        Reason::NotCollected => {
            let text = format!("Message not collected by recipient after {days} days");
            ("14".to_owned(), text)
        }
        Reason::NotDelivered | Reason::Refused => ("14".to_owned(), report.text.clone()),
        Reason::NoRecipient(code) => (code.clone(), report.text.clone()),
    }
}
