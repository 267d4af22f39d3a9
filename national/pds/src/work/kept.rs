//! How a request and its answer are kept: one line of JSON, then the body as it is.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use security::{Caller, Mode, Role};
use serde::{Deserialize, Serialize};
use service::{Reply, Request, Upload};

/// The headers that a request is judged by. Credentials are not among them: who called is settled.
const HEADERS: [&str; 7] = [
    "accept",
    "content-type",
    "if-match",
    "nhsd-end-user-organisation-ods",
    "nhsd-session-urid",
    "x-correlation-id",
    "x-request-id",
];

#[derive(Serialize, Deserialize)]
struct ReplyLine {
    status: u16,
    headers: Vec<(String, String)>,
}

#[derive(Serialize, Deserialize)]
struct RequestLine {
    interaction: String,
    method: String,
    path: String,
    id: String,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    origin: String,
    mode: String,
    client: String,
    organisation: String,
    system: String,
    user: String,
    roles: Vec<(String, String)>,
    patient: Option<String>,
    grants: Vec<String>,
}

/// The bytes to keep of a reply.
pub(super) fn of_reply(reply: &Reply) -> Bytes {
    let line = ReplyLine {
        status: reply.status.as_u16(),
        headers: reply.headers.iter().filter_map(|(name, value)| text_of(name, value)).collect(),
    };
    join(&line, &reply.body)
}

/// The reply that was kept as these bytes.
pub(super) fn reply(kept: &Bytes) -> Option<Reply> {
    let (line, body) = split::<ReplyLine>(kept)?;
    let status = StatusCode::from_u16(line.status).ok()?;
    Some(Reply { headers: headers(&line.headers), body, ..Reply::empty(status) })
}

/// The bytes to keep of a request to an interaction.
pub(super) fn of_request(interaction: &str, request: &Request) -> Bytes {
    let caller = &request.caller;
    let judged = |name: &&str| Some(((*name).to_owned(), request.header(name)?.to_owned()));
    let line = RequestLine {
        interaction: interaction.to_owned(),
        method: request.method.to_string(),
        path: request.path.clone(),
        id: request.path_value("id").to_owned(),
        query: request.query.clone(),
        headers: HEADERS.iter().filter_map(judged).collect(),
        origin: request.origin.clone(),
        mode: caller.mode.name().to_owned(),
        client: caller.client.clone(),
        organisation: caller.organisation.clone(),
        system: caller.system.clone(),
        user: caller.user.clone(),
        roles: caller.roles.iter().map(|r| (r.id.clone(), r.organisation.clone())).collect(),
        patient: caller.patient.clone(),
        grants: caller.grants.clone(),
    };
    join(&line, &request.body)
}

/// The name of the interaction and the request to it that were kept as these bytes.
pub(super) fn request(kept: &Bytes) -> Option<(String, Request)> {
    let (line, body) = split::<RequestLine>(kept)?;
    let roles = line.roles.into_iter().map(|(id, organisation)| Role {
        id,
        organisation,
        ..Role::default()
    });
    let caller = Caller {
        mode: Mode::ALL.into_iter().find(|mode| mode.name() == line.mode)?,
        organisation: line.organisation,
        system: line.system,
        user: line.user,
        roles: roles.collect(),
        patient: line.patient,
        grants: line.grants,
        ..Caller::application(line.client)
    };
    let request = Request {
        method: Method::from_bytes(line.method.as_bytes()).ok()?,
        path: line.path,
        path_values: vec![("id", line.id)],
        query: line.query,
        headers: headers(&line.headers),
        body,
        upload: Upload::none(),
        caller,
        origin: line.origin,
    };
    Some((line.interaction, request))
}

fn text_of(name: &HeaderName, value: &HeaderValue) -> Option<(String, String)> {
    Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
}

fn headers(pairs: &[(String, String)]) -> HeaderMap {
    let parse = |(name, value): &(String, String)| {
        Some((name.parse::<HeaderName>().ok()?, value.parse::<HeaderValue>().ok()?))
    };
    pairs.iter().filter_map(parse).collect()
}

fn join(line: &impl Serialize, body: &[u8]) -> Bytes {
    let mut bytes = serde_json::to_vec(line).unwrap_or_default();
    bytes.push(b'\n');
    bytes.extend_from_slice(body);
    bytes.into()
}

fn split<T: for<'a> Deserialize<'a>>(kept: &Bytes) -> Option<(T, Bytes)> {
    let end = kept.iter().position(|byte| *byte == b'\n')?;
    let line = serde_json::from_slice(kept.get(..end)?).ok()?;
    Some((line, kept.slice(end.checked_add(1)?..)))
}
