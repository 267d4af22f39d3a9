//! What is asked of the servers: one kind of request a case.

use std::sync::Arc;
use std::time::{Duration, Instant};

use hyper::header::{AUTHORIZATION, CONTENT_TYPE, ETAG, IF_MATCH};
use hyper::http::request::Builder;
use hyper::{Request, Response, StatusCode};
use percent_encoding::percent_decode_str;

use super::load::{Caller, Sample, Work};
use super::people::Person;
use super::report::Measured;

/// Where patients are.
pub(crate) const API: &str = "/personal-demographics/FHIR/R4/Patient";

/// Where questions in HL7 V3 are asked.
pub(crate) const SYNC: &str = "/sync-service";
/// What an answer to a retrieval says, and a refusal does not.
pub(crate) const ANSWERED: &[u8] = b"<QUPA_IN000009UK03>";

/// What an answer to a trace says when it found somebody.
const TRACED: &[u8] = b"<QUPA_IN000007UK01>";

/// The token that the load generator calls with.
pub(crate) const TOKEN: &str = "the-load-generator";

/// A file of tokens with that one in it.
pub(crate) const TOKENS: &str = "[[token]]\ntoken = \"the-load-generator\"\nmode = \"worker\"\n\
    client = \"load-generator\"\nuser = \"555254239107\"\nroles = [{ id = \"555254240100\" }]\n";

/// A kind of request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Hello,
    Read,
    ReadWithToken,
    SearchExact,
    SearchFuzzy,
    Soap,
    Trace,
    Patch,
}

/// A kind of request by so many callers at once.
#[derive(Clone, Copy)]
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) callers: usize,
    /// What is on disk before the answer leaves.
    pub(crate) durable: &'static str,
}

impl Case {
    /// The case with what it gave.
    pub(crate) fn measured(self, sample: Sample) -> Measured {
        let Self { name, kind, callers, durable } = self;
        Measured { name, callers, durable, is_yardstick: kind == Kind::Hello, sample }
    }
}

/// Every case, the yardsticks first.
pub(crate) const CASES: &[Case] = &[
    Case { name: "hello", kind: Kind::Hello, callers: 32, durable: "nothing" },
    Case { name: "hello", kind: Kind::Hello, callers: 8, durable: "nothing" },
    Case { name: "hello", kind: Kind::Hello, callers: 128, durable: "nothing" },
    Case { name: "read", kind: Kind::Read, callers: 32, durable: "audit" },
    Case { name: "read", kind: Kind::Read, callers: 128, durable: "audit" },
    Case { name: "soap retrieval", kind: Kind::Soap, callers: 32, durable: "audit" },
    Case { name: "soap retrieval", kind: Kind::Soap, callers: 128, durable: "audit" },
    Case { name: "read, token", kind: Kind::ReadWithToken, callers: 128, durable: "audit" },
    Case { name: "search, exact", kind: Kind::SearchExact, callers: 8, durable: "audit" },
    Case { name: "search, fuzzy", kind: Kind::SearchFuzzy, callers: 8, durable: "audit" },
    Case { name: "patch", kind: Kind::Patch, callers: 32, durable: "version, audit, answer" },
];

/// A caller at work on a case.
pub(crate) struct Asker {
    kind: Kind,
    /// Tells this caller's request ids from all others'.
    number: u32,
    asked: u64,
    /// How many request ids it has used up.
    ids: u64,
    people: Arc<[Person]>,
    /// Whom it patches, with the version last seen: nobody else patches them.
    mine: Vec<(usize, Option<String>)>,
}

/// The callers of a case. Each patches people of its own and asks for anybody.
pub(crate) fn askers(case: Case, number: usize, people: &Arc<[Person]>) -> Vec<Asker> {
    (0..case.callers)
        .map(|caller| Asker {
            kind: case.kind,
            number: (number * 1_000 + caller) as u32,
            asked: 0,
            ids: 0,
            people: Arc::clone(people),
            mine: (caller..people.len()).step_by(case.callers).map(|at| (at, None)).collect(),
        })
        .collect()
}

impl Work for Asker {
    async fn once(&mut self, caller: &mut Caller) -> Result<Option<Duration>, String> {
        self.asked += 1;
        if self.kind == Kind::Patch {
            return self.patch(caller).await;
        }
        if matches!(self.kind, Kind::Soap | Kind::Trace) {
            return self.soap(caller).await;
        }
        let request = self.question()?;
        let began = Instant::now();
        let answer = caller.call(request).await?;
        Ok((answer.status() == StatusCode::OK).then(|| began.elapsed()))
    }
}

impl Asker {
    fn question(&mut self) -> Result<Request<String>, String> {
        let Person { id, family, given, birthdate, .. } = self.anybody()?.clone();
        let names = format!("family={family}&given={given}&birthdate=eq{birthdate}");
        let target = match self.kind {
            Kind::Hello => "/".to_owned(),
            Kind::SearchExact => format!("{API}?{names}"),
            Kind::SearchFuzzy => format!("{API}?_fuzzy-match=true&{names}"),
            _ => format!("{API}/{id}"),
        };
        let mut request = self.request("GET", &target);
        if self.kind == Kind::ReadWithToken {
            request = request.header(AUTHORIZATION, format!("Bearer {TOKEN}"));
        }
        finish(request, String::new())
    }

    /// Somebody else each time.
    fn anybody(&self) -> Result<&Person, String> {
        // A step that shares no factor with the number of people walks over all of them.
        let at = (self.asked.wrapping_mul(7_919) + u64::from(self.number)) as usize;
        let person = self.people.get(at % self.people.len().max(1));
        person.ok_or_else(|| "nobody to ask for".to_owned())
    }

    /// Retrieves or traces a person over SOAP. A refusal comes with the same status as an answer,
    /// so only the answer's own interaction counts. Who is traced by gender is not found once
    /// another case has patched it.
    async fn soap(&mut self, caller: &mut Caller) -> Result<Option<Duration>, String> {
        let person = self.anybody()?;
        let (body, answered) = match self.kind {
            Kind::Trace => (trace(person, self.asked), TRACED),
            _ => (retrieval(&person.id, self.asked), ANSWERED),
        };
        let request = self.request("POST", SYNC).header(CONTENT_TYPE, "text/xml");
        let request = finish(request.header("SOAPAction", ""), body)?;
        let began = Instant::now();
        let answer = caller.fetch(request).await?;
        let took = began.elapsed();
        let answered = answer.windows(answered.len()).any(|part| part == answered);
        Ok(answered.then_some(took))
    }

    /// Changes a person, at the version that the last answer gave; the first time it reads that,
    /// which is not measured.
    async fn patch(&mut self, caller: &mut Caller) -> Result<Option<Duration>, String> {
        let turn = self.asked as usize % self.mine.len().max(1);
        let Some((at, seen)) = self.mine.get(turn).cloned() else {
            return Err("fewer people than callers".into());
        };
        let id = self.people.get(at).map(|person| person.id.clone()).unwrap_or_default();
        let target = format!("{API}/{id}");
        let version = if let Some(version) = seen {
            version
        } else {
            let read = finish(self.request("GET", &target), String::new())?;
            version_of(&caller.call(read).await?).unwrap_or_default()
        };
        let pass = self.asked as usize / self.mine.len().max(1);
        let gender = if pass.is_multiple_of(2) { "female" } else { "male" };
        let patches =
            format!(r#"{{"patches":[{{"op":"replace","path":"/gender","value":"{gender}"}}]}}"#);
        let request = self
            .request("PATCH", &target)
            .header(IF_MATCH, version)
            .header(CONTENT_TYPE, "application/json-patch+json");
        let request = finish(request, patches)?;
        let began = Instant::now();
        let answer = caller.call(request).await?;
        let took = began.elapsed();
        let good = answer.status() == StatusCode::OK;
        if let Some(mine) = self.mine.get_mut(turn) {
            mine.1 = if good { version_of(&answer) } else { None };
        }
        Ok(good.then_some(took))
    }

    fn request(&mut self, method: &str, target: &str) -> Builder {
        let process = std::process::id();
        self.ids += 1;
        let id = format!("{process:08x}-0000-4000-8000-{:04x}{:08x}", self.number, self.ids);
        Request::builder().method(method).uri(target).header("X-Request-ID", id)
    }
}

/// A question for the person with a number.
pub(crate) fn retrieval(number: &str, id: u64) -> String {
    let wanted = format!(
        "<person.id><value root=\"2.16.840.1.113883.2.1.4.1\" extension=\"{number}\"/></person.id>"
    );
    question("QUPA_IN000008UK02", &wanted, id)
}

/// A question for whoever has this name, gender and date of birth.
fn trace(person: &Person, id: u64) -> String {
    let plain = |word: &str| percent_decode_str(word).decode_utf8_lossy().into_owned();
    let born = plain(&person.birthdate).replace('-', "");
    let gender = match person.gender.as_str() {
        "male" => "1",
        "female" => "2",
        "other" => "9",
        _ => "0",
    };
    let wanted = format!(
        "<person.administrativeGenderCode><value code=\"{gender}\"/>\
         </person.administrativeGenderCode>\
         <person.birthTime><value value=\"{born}\"/></person.birthTime>\
         <person.name><value><given>{}</given><family>{}</family></value></person.name>",
        plain(&person.given),
        plain(&person.family)
    );
    question("QUPA_IN000005UK01", &wanted, id)
}

fn question(interaction: &str, wanted: &str, id: u64) -> String {
    const SYSTEM: &str = "root=\"1.2.826.0.1285.0.2.0.107\" extension=\"200000001001\"";
    format!(
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>\
         <{interaction} xmlns=\"urn:hl7-org:v3\"><id root=\"{id:032X}\"/>\
         <communicationFunctionRcv><device><id {SYSTEM}/></device></communicationFunctionRcv>\
         <communicationFunctionSnd><device><id {SYSTEM}/></device></communicationFunctionSnd>\
         <ControlActEvent><query>{wanted}</query></ControlActEvent></{interaction}>\
         </s:Body></s:Envelope>"
    )
}

fn finish(request: Builder, body: String) -> Result<Request<String>, String> {
    request.body(body).map_err(|error| format!("not a request: {error}"))
}

fn version_of(answer: &Response<()>) -> Option<String> {
    Some(answer.headers().get(ETAG)?.to_str().ok()?.to_owned())
}
