//! From a method and a path to an interaction, and from there to an answer.
//!
//! The order of checks is that of the national gateway: token, rate, path, method, access, then the
//! interaction's own. Where nothing asks for a token, path and method come first.

use std::net::IpAddr;
use std::sync::Arc;

use base::{Allowance, Fault};
use bytes::Bytes;
use http::header::ALLOW;
use http::{HeaderMap, Method, StatusCode};
use security::{Caller, Certificate, Excess, Failures, Gate, Refusal};

use crate::{Answer, Interaction, Keeper, Knock, Reply, Request, Service, Upload};

/// The header that an API key stands in.
pub(crate) const API_KEY: &str = "apikey";

/// What a transport knows of a request before it is routed.
#[derive(Debug)]
pub struct Incoming {
    /// The HTTP method.
    pub method: Method,
    /// The whole path, still percent-encoded.
    pub path: String,
    /// The query, decoded, in order.
    pub query: Vec<(String, String)>,
    /// The headers.
    pub headers: HeaderMap,
    /// The body; empty when there is none, or when it comes as a stream.
    pub body: Bytes,
    /// The body as a stream, for an interaction that declares an upload.
    pub upload: Upload,
    /// `http://host:port` as the caller wrote it.
    pub origin: String,
}

/// What a transport knows of where a request came from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Whence<'a> {
    /// The certificate that was shown on its connection.
    pub certificate: Option<&'a Certificate>,
    /// The address that it came from, as far as that can be believed.
    pub address: Option<IpAddr>,
}

/// How a call ended, for metrics: which interaction and what reply.
#[derive(Debug)]
pub struct Outcome {
    /// The name of the interaction, or `none`.
    pub interaction: &'static str,
    /// The reply for the caller.
    pub reply: Reply,
}

/// What of a request its answer depends on, whatever comes of it.
#[derive(Clone, Debug, Default)]
pub struct Heeded {
    /// Headers that the answer repeats.
    mirrored: Vec<(http::HeaderName, http::HeaderValue)>,
    /// What the caller accepts; empty when that is not said.
    accept: String,
    /// The path, below the base of the API.
    path: String,
}

/// The values of the `{name}` parts of a path.
type PathValues = Vec<(&'static str, String)>;
/// The interaction for a path, if any has that path, and the values of its parts.
type Found<'a> = Result<(&'a Interaction, PathValues), Miss>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Miss {
    Path,
    Method,
}

/// A request that was let in: what it asks for, and who asks.
#[derive(Clone)]
pub struct Admitted<'a> {
    /// What is asked for.
    pub interaction: &'a Interaction,
    /// Who is calling.
    pub caller: Caller,
    path_values: PathValues,
    /// What they may still ask for, where there is a quota.
    allowance: Option<Allowance>,
    guard: Guard,
}

/// Counts what fails of what came from one place.
#[derive(Clone)]
struct Guard {
    failures: Option<Arc<Failures>>,
    address: Option<IpAddr>,
    too_many: fn(&Excess) -> Fault,
}

impl Guard {
    /// What a caller is told instead of why, when credentials have failed too often.
    fn watch(&self, fault: Fault) -> Fault {
        let failed = self.failures.as_ref().zip(fault.credential());
        let wait_s = failed.and_then(|(failures, name)| failures.failed(self.address, name));
        wait_s.map_or(fault, |wait_s| (self.too_many)(&Excess::Failures { wait_s }))
    }
}

impl Admitted<'_> {
    /// Runs the interaction. What goes wrong is not worded yet.
    ///
    /// # Errors
    /// Why the interaction did not happen.
    pub async fn run(self, incoming: Incoming) -> Answer {
        let (allowance, guard) = (self.allowance, self.guard);
        let answer = (self.interaction.handler)(Request {
            method: incoming.method,
            path: incoming.path,
            path_values: self.path_values,
            query: incoming.query,
            headers: incoming.headers,
            body: incoming.body,
            upload: incoming.upload,
            caller: self.caller,
            origin: incoming.origin,
        })
        .await;
        match (answer.map_err(|fault| guard.watch(fault)), allowance) {
            (Ok(reply), Some(allowance)) => Ok(reply.with_allowance(allowance)),
            (Err(fault), Some(allowance)) => Err(fault.standing(allowance)),
            (answer, None) => answer,
        }
    }
}

impl Service {
    /// Answers a request: lets the caller in, finds the interaction, and runs it. Never fails:
    /// what goes wrong is worded in the API's own style.
    pub async fn call(&self, gate: &Gate, incoming: Incoming) -> Outcome {
        self.call_with(gate, incoming, Whence::default()).await
    }

    /// The same for a request of which it is known where it came from.
    pub async fn call_with(&self, gate: &Gate, incoming: Incoming, whence: Whence<'_>) -> Outcome {
        let heeded = self.heeded(&incoming.path, &incoming.headers);
        let (interaction, answer) = match self.admit(gate, &incoming, whence).await {
            Err(fault) => ("none", Err(fault)),
            Ok(admitted) => (admitted.interaction.name, admitted.run(incoming).await),
        };
        Outcome { interaction, reply: self.reply(answer, heeded) }
    }

    /// What the caller gets for an answer: a fault is worded, and headers are repeated. To a
    /// method that a path does not take goes a list of those that it takes (RFC 9110 15.5.6).
    pub fn reply(&self, answer: Answer, heeded: Heeded) -> Reply {
        let mut reply = answer.unwrap_or_else(|fault| self.render(&fault, &heeded.accept));
        if reply.status == StatusCode::METHOD_NOT_ALLOWED && !reply.headers.contains_key(ALLOW) {
            reply = reply.with(ALLOW, &self.methods(&heeded.path));
        }
        for (name, value) in heeded.mirrored {
            reply.headers.insert(name, value);
        }
        reply
    }

    /// Words a fault for a caller who accepts this, and leaves its cause in the log.
    pub fn render(&self, fault: &Fault, accept: &str) -> Reply {
        if fault.kind() == base::Kind::Broken {
            tracing::error!(service = self.name, ?fault, "the house is at fault");
        }
        (self.style.render)(fault, accept).with_retry(fault)
    }

    /// What of a request its answer depends on, whatever comes of it.
    pub fn heeded(&self, path: &str, headers: &HeaderMap) -> Heeded {
        let pick = |name: &&'static str| {
            let value = headers.get(*name)?.clone();
            Some((http::HeaderName::from_static(name), value))
        };
        let accept = headers.get(http::header::ACCEPT).and_then(|value| value.to_str().ok());
        Heeded {
            mirrored: self.style.mirrored.iter().filter_map(pick).collect(),
            accept: accept.unwrap_or_default().to_owned(),
            path: path.strip_prefix(self.base).unwrap_or(path).to_owned(),
        }
    }

    /// The methods that a path takes, as a list.
    fn methods(&self, path: &str) -> String {
        let fits = |one: &&Interaction| match_path(one.path, path).is_some();
        let methods = self.interactions.iter().filter(fits).map(|one| one.method.as_str());
        methods.collect::<Vec<_>>().join(", ")
    }

    /// Lets a caller in to an interaction, or not, by the request and where it came from. The body
    /// plays no part in it.
    ///
    /// # Errors
    /// Why not, in the order of the national gateway: token, path, method, access. Credentials of
    /// an API's own kind may hang on the path, and come after the method.
    pub async fn admit(
        &self,
        gate: &Gate,
        incoming: &Incoming,
        whence: Whence<'_>,
    ) -> Result<Admitted<'_>, Fault> {
        let guard = Guard {
            failures: gate.failures().cloned(),
            address: whence.address,
            too_many: self.style.too_many,
        };
        let admitted = self.let_in(gate, incoming, whence.certificate, &guard).await;
        admitted.map_err(|fault| guard.watch(fault))
    }

    async fn let_in(
        &self,
        gate: &Gate,
        incoming: &Incoming,
        shown: Option<&Certificate>,
        guard: &Guard,
    ) -> Result<Admitted<'_>, Fault> {
        let guard = guard.clone();
        let path = incoming.path.strip_prefix(self.base).unwrap_or(&incoming.path);
        let found = self.find(&incoming.method, path);
        if let Ok((interaction, path_values)) = &found
            && interaction.access.is_empty()
        {
            let caller = self.without_token(gate, interaction, &incoming.headers)?;
            let allowance = if interaction.api_key { self.count(gate, &caller)? } else { None };
            let path_values = path_values.clone();
            return Ok(Admitted { interaction, caller, path_values, allowance, guard });
        }
        let missed = |miss| match miss {
            Miss::Path => (self.style.unknown_path)(path),
            Miss::Method => (self.style.unknown_method)(&incoming.method),
        };
        if let Err(miss) = found
            && !self.asks_for_token(path)
        {
            return Err(missed(miss));
        }
        let allowance;
        let (caller, (interaction, path_values)) = match &self.keeper {
            Keeper::Bearer => {
                let caller = self.by_bearer(gate, &incoming.headers)?;
                allowance = self.count(gate, &caller)?;
                (caller, found.map_err(missed)?)
            }
            Keeper::Certificate => {
                let caller = gate
                    .admit_certificate(shown)
                    .map_err(|refusal| (self.style.unauthenticated)(&refusal))?;
                allowance = self.count(gate, &caller)?;
                (caller, found.map_err(missed)?)
            }
            Keeper::Own { judge, .. } => {
                let (interaction, path_values) = found.map_err(missed)?;
                let knock = Knock {
                    interaction: interaction.name,
                    method: &incoming.method,
                    path_values: &path_values,
                    headers: &incoming.headers,
                    certificate: shown.filter(|shown| !gate.has_revoked(shown)),
                };
                let proved = judge(&knock)?;
                allowance = self.count(gate, &proved.caller)?;
                if let Some(noting) = proved.noting {
                    noting.await?;
                }
                (proved.caller, (interaction, path_values))
            }
        };
        if !interaction.allows(&caller) {
            return Err((self.style.forbidden)(&caller, interaction));
        }
        Ok(Admitted { interaction, caller, path_values, allowance, guard })
    }

    /// Counts a call. Whoever comes in at an open door is nobody to be counted.
    fn count(&self, gate: &Gate, caller: &Caller) -> Result<Option<Allowance>, Fault> {
        if caller.has(Caller::OPEN) {
            return Ok(None);
        }
        gate.count(caller, self.name).map_err(|excess| (self.style.too_many)(&excess))
    }

    /// Whether anything at a path asks for a token; where there is no such path, anything at all.
    fn asks_for_token(&self, path: &str) -> bool {
        let here = |one: &&Interaction| match_path(one.path, path).is_some();
        let asks = |one: &Interaction| !one.access.is_empty();
        let mut at_path = self.interactions.iter().filter(here).peekable();
        if at_path.peek().is_some() {
            at_path.any(asks)
        } else {
            self.interactions.iter().any(asks)
        }
    }

    /// The caller of an interaction that asks for no token, but perhaps for a key.
    fn without_token(
        &self,
        gate: &Gate,
        interaction: &Interaction,
        headers: &HeaderMap,
    ) -> Result<Caller, Fault> {
        if !interaction.api_key {
            return Ok(Caller::open());
        }
        let key = headers.get(API_KEY).map(http::HeaderValue::as_bytes);
        gate.admit_key(key).map_err(|refusal| {
            let fault = (self.style.unauthenticated)(&refusal);
            if refusal == Refusal::InvalidKey { fault.failed_credential("") } else { fault }
        })
    }

    fn by_bearer(&self, gate: &Gate, headers: &HeaderMap) -> Result<Caller, Fault> {
        let authorization = headers.get(http::header::AUTHORIZATION);
        gate.admit(authorization.map(http::HeaderValue::as_bytes), self.scopes)
            .map_err(|refusal| (self.style.unauthenticated)(&refusal))
    }

    /// The interaction with this path and method. The path decides first, and of several patterns
    /// that a path fits, the one that is literal where the others are not.
    fn find(&self, method: &Method, path: &str) -> Found<'_> {
        let mut best = None;
        for interaction in &self.interactions {
            let Some(values) = match_path(interaction.path, path) else { continue };
            let fits = interaction.method == *method;
            let rank = (literals(interaction.path), fits);
            if best.as_ref().is_none_or(|(most, _)| rank > *most) {
                best = Some((rank, (interaction, values)));
            }
        }
        match best {
            None => Err(Miss::Path),
            Some(((_, false), _)) => Err(Miss::Method),
            Some(((_, true), found)) => Ok(found),
        }
    }
}

/// Which parts of a pattern are literal, the first part in the highest bit: of two patterns that
/// fit one path, the higher is the more particular.
fn literals(pattern: &str) -> u64 {
    pattern.split('/').fold(0, |bits, part| (bits << 1) | u64::from(!part.starts_with('{')))
}

/// The values of the `{name}` parts, when the path fits the pattern part by part. The base of an
/// API fits `/`, with and without the slash.
fn match_path(pattern: &'static str, path: &str) -> Option<PathValues> {
    let mut values = Vec::new();
    if pattern == "/" && path.is_empty() {
        return Some(values);
    }
    let mut parts = path.split('/');
    for wanted in pattern.split('/') {
        let part = parts.next()?;
        match wanted.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(name) => values.push((name, decode(part))),
            // Some clients write `$` in percent-encoding, and some do not.
            None if wanted == part || part.contains('%') && wanted == decode(part) => {}
            None => return None,
        }
    }
    parts.next().is_none().then_some(values)
}

/// Undoes percent-encoding; bytes that are not UTF-8 become replacement characters.
pub fn decode(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests;
