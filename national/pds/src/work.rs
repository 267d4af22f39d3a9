//! Work that is taken on: how an update that is done in its own time is answered on the same call.
//!
//! The gateway in front of the national service takes updates on asynchronously and waits for the
//! caller. So do we: the work runs in a task of its own, which a caller who hangs up or has waited
//! long enough does not disturb, and its answer is committed together with the change. Whoever
//! asks again with the same `X-Request-ID` gets that first answer. A caller who prefers not to
//! wait is answered as soon as the request itself is on disk.

mod kept;
mod running;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use base::limit::ANSWER_KEPT_HOURS;
use base::{Fault, hex};
use bytes::Bytes;
use http::StatusCode;
use http::header::CONTENT_LOCATION;
use serde_json::Value;
use service::{Answer, Reply, Request};
use sha2::{Digest, Sha256};
use store::jobs::Job;
use store::{StoreError, Transaction};

use crate::tell::Told;
use crate::{BASE, House, SERVICE, door, faults, style};

pub(crate) use running::Running;
use running::{Begin, Progress, Reporter, Watch};

/// How long a caller waits who did not say, in seconds.
const WAIT_S: f64 = 10.0;
/// How long a caller may ask to wait, in seconds.
const WAIT_S_RANGE: std::ops::RangeInclusive<f64> = 0.25..=29.0;
/// How often work is done again because somebody else was first, before that is the answer.
const TRIES_MAX: usize = 8;
/// How many unanswered requests are looked up at once after a start.
const RESUMED_AT_ONCE: usize = 256;

/// What work comes to: everything that shall be written, and the answer.
pub(crate) struct Done {
    /// Everything that shall be written, with the audit line.
    pub(crate) transaction: Transaction,
    /// The answer for the caller, kept in the same commit.
    pub(crate) reply: Reply,
    /// The events that the transaction tells of.
    pub(crate) told: Told,
}

/// A request by name and by content.
#[derive(Clone)]
struct Asked {
    key: String,
    digest: [u8; 32],
    interaction: &'static str,
    request: Arc<Request>,
}

/// Does the work of a request once, however often it is asked, and answers with what it came to.
///
/// `interaction` is the name in the declaration, by which the request is found again after a
/// restart. `work` only decides: it writes nothing itself, and is run again when somebody else
/// changed what it looked at before its transaction was committed.
///
/// # Errors
/// When the same `X-Request-ID` came with another request, the time to wait is over, or the store
/// fails. What goes wrong with the work itself is a reply.
pub(crate) async fn take_on<F, W>(
    house: House,
    request: Arc<Request>,
    interaction: &'static str,
    work: F,
) -> Answer
where
    F: Fn(House, Arc<Request>) -> W + Send + Sync + 'static,
    W: Future<Output = Result<Done, Fault>> + Send + 'static,
{
    let wait = wait(&request);
    let later = prefers_later(&request);
    let id = request_id(&request);
    let asked =
        Asked { key: key(&request.caller, &id), digest: digest(&request), interaction, request };
    let (mut watch, answer_later) = match begin(&house, &asked)? {
        Started::Answered(reply) => {
            told_again(&house, &asked.request, interaction, &reply).await?;
            return Ok(reply);
        }
        Started::Running(watch) => (watch, later),
        Started::Mine { reporter, watch, promised } => {
            let promise = later && !promised;
            tokio::spawn(carry_out(house, asked, work, reporter, promise, promised));
            (watch, later)
        }
    };
    let seen = tokio::time::timeout(wait, watch.answer_or_promise(answer_later)).await;
    match seen.map_err(|_| faults::too_slow())? {
        Progress::Done(reply) => Ok(reply),
        Progress::Promised => Ok(come_back(&id)),
        Progress::Begun => Err(Fault::broken("UNKNOWN_ERROR", "work ended without an answer")),
    }
}

/// Answers `GET /_poll/{id}`, where the id is the `X-Request-ID` of a request by the same caller.
pub(crate) async fn poll(house: House, request: Arc<Request>) -> Answer {
    door::check(&house, &request, "poll")?;
    let id = request.path_value("id").to_ascii_lowercase();
    let key = key(&request.caller, &id);
    if house.running.has(&key) {
        return Ok(come_back(&id));
    }
    let job = house.store.jobs().get(&key).map_err(faults::from_store)?;
    let job = job.ok_or_else(faults::not_found)?;
    if let Some(answer) = &job.answer {
        let reply = kept::reply(answer).ok_or_else(damaged)?;
        told_again(&house, &request, "poll", &reply).await?;
        return Ok(reply);
    }
    // It was promised, and whatever was at it is gone: take it up again.
    let house = house.clone();
    tokio::spawn(async move { go_on(&house, &job).await });
    Ok(come_back(&id))
}

/// Notes on the audit chain that a caller was shown a record once more.
async fn told_again(
    house: &House,
    request: &Request,
    interaction: &str,
    reply: &Reply,
) -> Result<(), Fault> {
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let patient = body.get("id").and_then(Value::as_str);
    let patients: Vec<&str> = patient.into_iter().collect();
    let access = house.access(request, interaction, &patients, reply.status.as_u16());
    house.store.commit(Transaction::new().access(access)).await.map_err(faults::from_store)
}

/// Goes on with what was promised before the house was last closed. Call it once, at the start;
/// returns when everything promised has its answer or could not get one for now.
pub async fn resume(house: &House) {
    let mut oldest = String::new();
    loop {
        let jobs = match house.store.jobs().unanswered(RESUMED_AT_ONCE) {
            Ok(jobs) => jobs,
            Err(error) => return tracing::error!(%error, "cannot look for promised work"),
        };
        // Work that cannot be done for now stays the oldest; it is tried again when polled.
        match jobs.first() {
            Some(job) if job.key != oldest => oldest.clone_from(&job.key),
            _ => return,
        }
        tracing::info!(jobs = jobs.len(), "going on with promised work");
        for job in &jobs {
            go_on(house, job).await;
        }
    }
}

/// Forgets answers that were given longer ago than anybody would ask again. Call it now and then;
/// returns how many.
///
/// # Errors
/// When the store fails.
pub async fn forget_old_answers(house: &House) -> Result<u64, StoreError> {
    let before = house.clock.in_s(-ANSWER_KEPT_HOURS * 3_600);
    house.store.jobs().forget_before(before).await
}

/// Runs a promised request again, from its first check on, and keeps what it comes to.
async fn go_on(house: &House, job: &Job) {
    let Some((interaction, request)) = kept::request(&job.request) else {
        return keep_answer(house, job, &style::render(&damaged())).await;
    };
    let service = crate::service(house);
    let known = service.interactions.iter().find(|known| known.name == interaction);
    let answer = match known {
        Some(known) => (known.handler)(request).await,
        None => Err(damaged()),
    };
    // Work that got far enough keeps its own answer; what failed before is kept here.
    if let Err(fault) = answer
        && final_fault(&fault)
    {
        keep_answer(house, job, &rendered(&fault)).await;
    }
}

async fn keep_answer(house: &House, job: &Job, reply: &Reply) {
    let job = Job { request: Bytes::new(), answer: Some(kept::of_reply(reply)), ..job.clone() };
    if let Err(error) = house.store.commit(Transaction::new().job(job)).await {
        tracing::error!(%error, "cannot keep the answer to promised work");
    }
}

enum Started {
    Answered(Reply),
    Running(Watch),
    Mine { reporter: Reporter, watch: Watch, promised: bool },
}

/// Finds out whether the request was asked before. The lock on what is running is held while the
/// ledger is read, so that no request is begun twice.
fn begin(house: &House, asked: &Asked) -> Result<Started, Fault> {
    let look = || house.store.jobs().get(&asked.key).map_err(faults::from_store);
    match house.running.begin(&asked.key, asked.digest, look)? {
        Begin::Other => Err(faults::invalid_value(
            asked.request.header("x-request-id").unwrap_or_default(),
            "header 'X-Request-ID'. It was used before for a different request",
        )),
        Begin::Running(watch) => Ok(Started::Running(watch)),
        Begin::Answered(answer) => kept::reply(&answer).map(Started::Answered).ok_or_else(damaged),
        Begin::Mine { reporter, watch, promised } => {
            Ok(Started::Mine { reporter, watch, promised })
        }
    }
}

/// The task: promises if asked to, works, commits, reports. `promised` says that the ledger has
/// the request already.
async fn carry_out<F, W>(
    house: House,
    asked: Asked,
    work: F,
    reporter: Reporter,
    promise: bool,
    promised: bool,
) where
    F: Fn(House, Arc<Request>) -> W,
    W: Future<Output = Result<Done, Fault>>,
{
    if promise {
        let job = asked.job(&house, kept::of_request(asked.interaction, &asked.request), None);
        if let Err(error) = house.store.commit(Transaction::new().job(job)).await {
            return reporter.report(Progress::Done(rendered(&faults::from_store(error))));
        }
    }
    if promise || promised {
        reporter.report(Progress::Promised);
    }
    let reply = match attempt(&house, &asked, work).await {
        Ok(reply) => reply,
        Err(fault) => {
            let reply = rendered(&fault);
            if (promise || promised) && final_fault(&fault) {
                let job = asked.job(&house, Bytes::new(), None);
                keep_answer(&house, &job, &reply).await;
            }
            reply
        }
    };
    reporter.report(Progress::Done(reply));
}

/// Decides and commits, and decides again when somebody else was first.
async fn attempt<F, W>(house: &House, asked: &Asked, work: F) -> Answer
where
    F: Fn(House, Arc<Request>) -> W,
    W: Future<Output = Result<Done, Fault>>,
{
    let mut tries = 0;
    loop {
        tries += 1;
        let Done { transaction, reply, told } =
            work(house.clone(), Arc::clone(&asked.request)).await?;
        let job = asked.job(house, Bytes::new(), Some(kept::of_reply(&reply)));
        match house.store.commit(transaction.job(job)).await {
            Ok(()) => {
                house.told(&told);
                return Ok(reply);
            }
            Err(StoreError::Conflict { .. }) if tries < TRIES_MAX => {}
            Err(error) => return Err(faults::from_store(error)),
        }
    }
}

impl Asked {
    fn job(&self, house: &House, request: Bytes, answer: Option<Bytes>) -> Job {
        Job { key: self.key.clone(), digest: self.digest, at: house.clock.now(), request, answer }
    }
}

/// Names a request by who asks and the id they gave it, so that nobody comes upon the answer to
/// another's. A hash, since a patient's own number is part of who they are.
fn key(caller: &security::Caller, id: &str) -> String {
    let patient = caller.patient.as_deref().unwrap_or_default();
    let parts = [caller.mode.name(), &caller.client, &caller.user, patient, id];
    hex(&hash(parts.iter().map(|part| part.as_bytes())))
}

/// What tells a repeat from another request with the same id.
fn digest(request: &Request) -> [u8; 32] {
    let if_match = request.headers.get("if-match").map(http::HeaderValue::as_bytes);
    let method = request.method.as_str().as_bytes();
    hash([method, request.path.as_bytes(), if_match.unwrap_or_default(), &request.body])
}

/// A hash over parts, each with its length, so that no two lists of parts run into the same bytes.
fn hash<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

fn request_id(request: &Request) -> String {
    request.header("x-request-id").unwrap_or_default().to_ascii_lowercase()
}

/// `X-Sync-Wait` in seconds; what is missing, no number or out of range means ten.
fn wait(request: &Request) -> Duration {
    let asked = request.header("x-sync-wait").and_then(|text| text.trim().parse::<f64>().ok());
    Duration::from_secs_f64(asked.filter(|s| WAIT_S_RANGE.contains(s)).unwrap_or(WAIT_S))
}

/// Whether the caller would rather come back for the answer (RFC 7240).
fn prefers_later(request: &Request) -> bool {
    let values = request.headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
    values
        .flat_map(|value| value.split([',', ';']))
        .any(|preference| preference.trim().eq_ignore_ascii_case("respond-async"))
}

fn come_back(id: &str) -> Reply {
    Reply::empty(StatusCode::ACCEPTED).with(CONTENT_LOCATION, &format!("{BASE}/_poll/{id}"))
}

/// Writes a fault for everybody who waits for it, and leaves its cause in the log.
fn rendered(fault: &Fault) -> Reply {
    if fault.kind() == base::Kind::Broken {
        tracing::error!(service = SERVICE, ?fault, "the house is at fault");
    }
    style::render(fault).with_retry(fault)
}

/// Whether a fault is the last word: trying again later would not help.
fn final_fault(fault: &Fault) -> bool {
    fault.retry() == base::Retry::No
}

fn damaged() -> Fault {
    Fault::broken("UNKNOWN_ERROR", "kept work cannot be read")
}

#[cfg(test)]
mod tests;
