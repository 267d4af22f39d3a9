//! From a method and a path to an interaction, and from there to an answer.
//!
//! The order of checks is that of the national gateway: token, path, method, access, then the
//! interaction's own.

use bytes::Bytes;
use http::{HeaderMap, Method};
use security::{Caller, Gate};

use crate::{Interaction, Reply, Request, Service};

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
    /// The body.
    pub body: Bytes,
    /// `http://host:port` as the caller wrote it.
    pub origin: String,
}

/// How a call ended, for metrics: which interaction and what reply.
#[derive(Debug)]
pub struct Outcome {
    /// The name of the interaction, or `none`.
    pub interaction: &'static str,
    /// The reply for the caller.
    pub reply: Reply,
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

impl Service {
    /// Answers a request: lets the caller in, finds the interaction, and runs it. Never fails:
    /// what goes wrong is worded in the API's own style.
    pub async fn call(&self, gate: &Gate, incoming: Incoming) -> Outcome {
        let mirrored = self.mirrored(&incoming.headers);
        let (interaction, answer) = match self.admit(gate, &incoming) {
            Err(fault) => ("none", Err(fault)),
            Ok((interaction, caller, path_values)) => {
                let request = Request {
                    method: incoming.method,
                    path: incoming.path,
                    path_values,
                    query: incoming.query,
                    headers: incoming.headers,
                    body: incoming.body,
                    caller,
                    origin: incoming.origin,
                };
                (interaction.name, (interaction.handler)(request).await)
            }
        };
        let mut reply = answer.unwrap_or_else(|fault| self.render(&fault));
        for (name, value) in mirrored {
            reply.headers.insert(name, value);
        }
        Outcome { interaction, reply }
    }

    /// Words a fault for the caller, and leaves its cause in the log.
    pub fn render(&self, fault: &base::Fault) -> Reply {
        if fault.kind() == base::Kind::Broken {
            tracing::error!(service = self.name, ?fault, "the house is at fault");
        }
        (self.style.render)(fault).with_retry(fault)
    }

    /// The headers of a request that its answer repeats.
    pub fn mirrored(&self, headers: &HeaderMap) -> Vec<(http::HeaderName, http::HeaderValue)> {
        let pick = |name: &&'static str| {
            let value = headers.get(*name)?.clone();
            Some((http::HeaderName::from_static(name), value))
        };
        self.style.mirrored.iter().filter_map(pick).collect()
    }

    fn admit(
        &self,
        gate: &Gate,
        incoming: &Incoming,
    ) -> Result<(&Interaction, Caller, PathValues), base::Fault> {
        let path = incoming.path.strip_prefix(self.base).unwrap_or(&incoming.path);
        let found = self.find(&incoming.method, path);
        if let Ok((interaction, values)) = &found
            && interaction.access.is_empty()
        {
            return Ok((interaction, Caller::open(), values.clone()));
        }
        let authorization = incoming.headers.get(http::header::AUTHORIZATION);
        let caller = gate
            .admit(authorization.map(http::HeaderValue::as_bytes))
            .map_err(|refusal| (self.style.unauthenticated)(&refusal))?;
        let (interaction, values) = found.map_err(|miss| match miss {
            Miss::Path => (self.style.unknown_path)(path),
            Miss::Method => (self.style.unknown_method)(&incoming.method),
        })?;
        if !interaction.allows(&caller) {
            return Err((self.style.forbidden)(&caller, interaction));
        }
        Ok((interaction, caller, values))
    }

    fn find(&self, method: &Method, path: &str) -> Found<'_> {
        let mut miss = Miss::Path;
        for interaction in &self.interactions {
            let Some(values) = match_path(interaction.path, path) else { continue };
            if interaction.method == *method {
                return Ok((interaction, values));
            }
            miss = Miss::Method;
        }
        Err(miss)
    }
}

/// The values of the `{name}` parts, when the path fits the pattern part by part.
fn match_path(pattern: &'static str, path: &str) -> Option<PathValues> {
    let mut values = Vec::new();
    let mut parts = path.split('/');
    for wanted in pattern.split('/') {
        let part = parts.next()?;
        match wanted.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(name) => values.push((name, decode(part))),
            None if wanted == part => {}
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
