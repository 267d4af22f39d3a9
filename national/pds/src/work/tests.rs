//! What callers see of work that is done in its own time: repeats, waits, promises, restarts.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base::{Clock, Dice};
use http::header::{CONTENT_LOCATION, ETAG, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, Method};
use proptest::prelude::*;
use security::{Caller, Mode, Role};
use serde_json::json;
use service::Upload;
use store::Store;
use tempfile::TempDir;
use tokio::sync::Semaphore;

use super::*;
use crate::record::KIND;
use crate::tests::trial::{Ask, Trial, person};

const ID: &str = "60e0b220-8136-4ca5-ae46-1d97ef59d068";
const JANE: &str = "9000000009";

fn open(folder: &TempDir) -> House {
    let clock = Clock::stopped("2025-05-20T09:07:00Z".parse().unwrap());
    let dice = Dice::seeded(5);
    House::new(Store::open(folder.path(), clock.clone(), &dice).unwrap(), clock, dice)
}

fn house() -> (TempDir, House) {
    let folder = tempfile::tempdir().unwrap();
    let house = open(&folder);
    (folder, house)
}

fn request(headers: &[(&'static str, &str)]) -> Request {
    let mut all = HeaderMap::new();
    all.insert("x-request-id", HeaderValue::from_static(ID));
    for (name, value) in headers {
        all.insert(*name, HeaderValue::from_str(value).unwrap());
    }
    Request {
        method: Method::PATCH,
        path: format!("{BASE}/Patient/{JANE}"),
        path_values: vec![("id", JANE.into())],
        query: Vec::new(),
        headers: all,
        body: Bytes::from_static(b"{}"),
        upload: Upload::none(),
        caller: Caller::open(),
        origin: "http://127.0.0.1".into(),
    }
}

fn polling(id: &str) -> Request {
    Request { method: Method::GET, path_values: vec![("id", id.into())], ..request(&[]) }
}

/// Work that counts how often it is done, and waits for a permit each time.
#[derive(Clone)]
struct Counted {
    done: Arc<AtomicUsize>,
    permits: Arc<Semaphore>,
    fails: Arc<AtomicUsize>,
}

impl Counted {
    fn with(permits: usize) -> Self {
        Self {
            done: Arc::default(),
            permits: Arc::new(Semaphore::new(permits)),
            fails: Arc::default(),
        }
    }

    fn failing(self, times: usize) -> Self {
        self.fails.store(times, Ordering::SeqCst);
        self
    }

    fn times(&self) -> usize {
        self.done.load(Ordering::SeqCst)
    }

    async fn ask(&self, house: &House, request: Request) -> Answer {
        let this = self.clone();
        let work = move |_, _| {
            let this = this.clone();
            async move {
                this.permits.acquire().await.unwrap().forget();
                let number = this.done.fetch_add(1, Ordering::SeqCst) + 1;
                if number <= this.fails.load(Ordering::SeqCst) {
                    return Err(faults::invalid_update("told to fail"));
                }
                let reply =
                    Reply::new(StatusCode::OK, fhir::MEDIA_TYPE, format!("answer {number}"));
                Ok(Done {
                    transaction: Transaction::new(),
                    reply: reply.with(ETAG, "W/\"2\""),
                    told: Told::default(),
                })
            }
        };
        take_on(house.clone(), request.into(), "update-patient-partial", work).await
    }
}

fn told(answer: &Answer) -> (u16, String) {
    match answer {
        Ok(reply) => (reply.status.as_u16(), String::from_utf8(reply.body.to_vec()).unwrap()),
        Err(fault) => (0, fault.code().to_owned()),
    }
}

#[tokio::test]
async fn a_repeat_gets_the_first_answer_even_after_a_restart() {
    let (folder, house) = house();
    let work = Counted::with(10);
    let first = told(&work.ask(&house, request(&[])).await);
    assert_eq!(first, (200, "answer 1".into()));
    let upper = request(&[("x-request-id", &ID.to_uppercase())]);
    for repeat in [request(&[]), upper, request(&[("prefer", "respond-async")])] {
        let answer = work.ask(&house, repeat).await;
        assert_eq!(told(&answer), first);
        assert_eq!(answer.unwrap().headers[ETAG], "W/\"2\"");
    }
    house.store.close();
    drop(house);
    assert_eq!(told(&work.ask(&open(&folder), request(&[])).await), first);
    assert_eq!(work.times(), 1);
}

#[tokio::test]
async fn an_answer_is_kept_for_thirty_five_days() {
    let (_folder, house) = house();
    let work = Counted::with(10);
    let day_ms = 24 * 3_600 * 1_000;
    work.ask(&house, request(&[])).await.unwrap();
    house.clock.advance_ms(34 * day_ms);
    assert_eq!(forget_old_answers(&house).await.unwrap(), 0);
    assert_eq!(told(&work.ask(&house, request(&[])).await).1, "answer 1");
    house.clock.advance_ms(2 * day_ms);
    assert_eq!(forget_old_answers(&house).await.unwrap(), 1);
    assert_eq!(told(&work.ask(&house, request(&[])).await).1, "answer 2");
}

#[tokio::test]
async fn another_request_with_the_same_id_is_refused() {
    let (_folder, house) = house();
    let work = Counted::with(10);
    work.ask(&house, request(&[])).await.unwrap();
    let others = [
        Request { body: Bytes::from_static(b"[]"), ..request(&[]) },
        Request { path: format!("{BASE}/Patient/9000000017"), ..request(&[]) },
        Request { method: Method::POST, ..request(&[]) },
        request(&[("if-match", "W/\"3\"")]),
    ];
    for other in others {
        let fault = work.ask(&house, other).await.unwrap_err();
        assert_eq!(fault.code(), "INVALID_VALUE");
        let text = format!("Invalid value - '{ID}' in header 'X-Request-ID'");
        assert!(fault.public().starts_with(&text), "{}", fault.public());
    }
    assert_eq!(work.times(), 1);
}

#[tokio::test]
async fn the_same_id_from_somebody_else_is_another_request() {
    let (_folder, house) = house();
    let work = Counted::with(10);
    let base = Caller { client: "app".into(), ..Caller::open() };
    let callers = [
        base.clone(),
        Caller { client: "other".into(), ..base.clone() },
        Caller { user: "somebody".into(), ..base.clone() },
        Caller { mode: Mode::Patient, patient: Some(JANE.into()), ..base.clone() },
        Caller { mode: Mode::Patient, patient: Some("9000000017".into()), ..base },
    ];
    for (number, caller) in callers.into_iter().enumerate() {
        let answer = work.ask(&house, Request { caller, ..request(&[]) }).await;
        assert_eq!(told(&answer), (200, format!("answer {}", number + 1)));
    }
}

#[tokio::test]
async fn a_failure_is_not_remembered() {
    let (_folder, house) = house();
    let work = Counted::with(10).failing(1);
    assert_eq!(told(&work.ask(&house, request(&[])).await).0, 400);
    assert_eq!(told(&work.ask(&house, request(&[])).await), (200, "answer 2".into()));
}

#[tokio::test]
async fn a_repeat_while_it_runs_waits_for_the_same_work() {
    let (_folder, house) = house();
    let work = Counted::with(1);
    let (a, b) = tokio::join!(work.ask(&house, request(&[])), work.ask(&house, request(&[])));
    assert_eq!(told(&a), (200, "answer 1".into()));
    assert_eq!(told(&b), told(&a));
    assert_eq!(work.times(), 1);
}

#[tokio::test]
async fn a_caller_who_waited_long_enough_comes_back_for_the_answer() {
    let (_folder, house) = house();
    let work = Counted::with(0);
    let fault = work.ask(&house, request(&[("x-sync-wait", "0.25")])).await.unwrap_err();
    let reply = style::render(&fault).with_retry(&fault);
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(reply.headers[RETRY_AFTER], "5");
    work.permits.add_permits(1);
    assert_eq!(told(&work.ask(&house, request(&[])).await), (200, "answer 1".into()));
    assert_eq!(work.times(), 1);
}

#[tokio::test]
async fn a_caller_who_hangs_up_does_not_stop_the_work() {
    let (_folder, house) = house();
    let work = Counted::with(0);
    let hung_up = tokio::time::timeout(Duration::from_millis(20), work.ask(&house, request(&[])));
    assert!(hung_up.await.is_err());
    work.permits.add_permits(1);
    assert_eq!(told(&work.ask(&house, request(&[])).await), (200, "answer 1".into()));
    assert_eq!(work.times(), 1);
}

#[tokio::test]
async fn work_that_breaks_down_is_nobodys_any_more() {
    let (_folder, house) = house();
    let work = |_: House, _: Arc<Request>| async { panic!("on purpose, for a test") };
    let fault = take_on(house.clone(), request(&[]).into(), "update-patient-partial", work).await;
    assert_eq!(fault.unwrap_err().code(), "UNKNOWN_ERROR");
    let work = Counted::with(1);
    assert_eq!(told(&work.ask(&house, request(&[])).await).0, 200);
}

#[tokio::test]
async fn a_caller_who_prefers_it_is_told_where_the_answer_will_be() {
    let (_folder, house) = house();
    let work = Counted::with(0);
    let later = || request(&[("prefer", "wait=10, Respond-Async")]);
    let location = format!("{BASE}/_poll/{ID}");
    for taken_on in [work.ask(&house, later()).await, work.ask(&house, later()).await] {
        let reply = taken_on.unwrap();
        assert_eq!(reply.status, StatusCode::ACCEPTED);
        assert_eq!(reply.headers[CONTENT_LOCATION], location.as_str());
    }
    assert_eq!(house.store.jobs().unanswered(9).unwrap().len(), 1, "it is on disk");
    let running = poll(house.clone(), polling(ID).into()).await.unwrap();
    assert_eq!(running.status, StatusCode::ACCEPTED);
    assert_eq!(running.headers[CONTENT_LOCATION], location.as_str());
    work.permits.add_permits(1);
    work.ask(&house, request(&[])).await.unwrap();
    let answer = poll(house.clone(), polling(&ID.to_uppercase()).into()).await;
    assert_eq!(told(&answer), (200, "answer 1".into()));
    assert_eq!(answer.unwrap().headers[ETAG], "W/\"2\"");
    assert_eq!(work.times(), 1);
}

#[tokio::test]
async fn a_promise_that_fails_keeps_its_failure() {
    let (_folder, house) = house();
    let work = Counted::with(0).failing(1);
    let later = request(&[("prefer", "respond-async")]);
    assert_eq!(told(&work.ask(&house, later).await).0, 202);
    work.permits.add_permits(2);
    let (status, body) = told(&work.ask(&house, request(&[])).await);
    assert_eq!(status, 400);
    assert!(body.contains("INVALID_UPDATE"));
    assert_eq!(told(&poll(house.clone(), polling(ID).into()).await), (400, body));
    assert_eq!(work.times(), 1);
}

#[tokio::test]
async fn nobody_polls_for_the_answer_of_another() {
    let (_folder, house) = house();
    Counted::with(1).ask(&house, request(&[])).await.unwrap();
    let other = Caller { client: "other".into(), ..Caller::open() };
    for (id, caller) in [(ID, other), ("60e0b220-8136-4ca5-ae46-000000000000", Caller::open())] {
        let fault =
            poll(house.clone(), Request { caller, ..polling(id) }.into()).await.unwrap_err();
        assert_eq!(fault.code(), "RESOURCE_NOT_FOUND");
    }
    assert_eq!(told(&poll(house.clone(), polling(ID).into()).await).0, 200);
}

/// A house in which these requests were promised, and then the power failed.
async fn promised(requests: &[Request]) -> Trial {
    let trial = Trial::of(vec![person(JANE, ("Jane", "Smith"), "1990-10-22", "LS1 6AE")]).await;
    for request in requests {
        let id = request_id(request);
        let asked = Asked {
            key: key(&request.caller, &id),
            digest: digest(request),
            interaction: "update-patient-partial",
            request: Arc::new(request.clone()),
        };
        let kept = kept::of_request(asked.interaction, request);
        let job = asked.job(&trial.house, kept, None);
        trial.house.store.commit(Transaction::new().job(job)).await.unwrap();
    }
    trial
}

fn update(id: &str, version: &str, gender: &str) -> Request {
    let headers = [
        ("x-request-id", id),
        ("if-match", version),
        ("content-type", "application/json-patch+json"),
    ];
    let patches = json!({ "patches": [{ "op": "replace", "path": "/gender", "value": gender }] });
    Request { body: patches.to_string().into(), ..request(&headers) }
}

#[tokio::test]
async fn what_was_promised_is_done_after_a_restart() {
    let other = "60e0b220-8136-4ca5-ae46-000000000002";
    let gone = "60e0b220-8136-4ca5-ae46-000000000003";
    let mut nobody = update(gone, "W/\"1\"", "male");
    nobody.path_values = vec![("id", "9111231130".into())];
    let requests = [update(ID, "W/\"1\"", "male"), update(other, "W/\"1\"", "unknown"), nobody];
    let trial = promised(&requests).await;
    resume(&trial.house).await;
    assert!(trial.house.store.jobs().unanswered(9).unwrap().is_empty());
    let poll = async |id: &str| told(&poll(trial.house.clone(), polling(id).into()).await);
    assert_eq!(poll(ID).await.0, 200);
    assert_eq!(poll(other).await.0, 409, "the other came first");
    assert_eq!(poll(gone).await.0, 404, "there is no such patient");
    let stored = trial.house.store.resources().get(KIND, JANE).unwrap().unwrap();
    assert_eq!(stored.version, 2);
    resume(&trial.house).await;
    assert_eq!(poll(ID).await.0, 200);
}

#[tokio::test]
async fn polling_takes_up_what_nobody_is_at() {
    let trial = promised(&[update(ID, "W/\"1\"", "male")]).await;
    assert_eq!(told(&poll(trial.house.clone(), polling(ID).into()).await).0, 202);
    for _ in 0..2_000 {
        if told(&poll(trial.house.clone(), polling(ID).into()).await).0 == 200 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("it was never done");
}

#[tokio::test]
async fn an_update_is_asked_for_later_over_the_wire() {
    let trial = promised(&[]).await;
    let patches = json!([{ "op": "replace", "path": "/gender", "value": "male" }]);
    let ask = Ask::patch("worker", JANE, 1, &patches);
    let heard = trial.ask(ask.with("prefer", "respond-async").with("x-request-id", ID)).await;
    assert_eq!(heard.status, StatusCode::ACCEPTED);
    assert_eq!(heard.header("x-request-id"), ID);
    let target = heard.header("content-location").strip_prefix(BASE).unwrap().to_owned();
    for _ in 0..2_000 {
        let heard = trial.ask(Ask::get("worker", &target)).await;
        if heard.status == StatusCode::OK {
            assert_eq!(heard.header("etag"), "W/\"2\"");
            assert_eq!(heard.body["gender"], "male");
            let audited = trial.audited();
            assert_eq!(audited[0], ("update-patient-partial".to_owned(), 200, 1));
            assert_eq!(audited[1], ("poll".to_owned(), 200, 1));
            assert_eq!(
                trial.ask(Ask::get("jane", &target)).await.fault(),
                "404 RESOURCE_NOT_FOUND"
            );
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("it was never done");
}

#[test]
fn the_wait_is_ten_seconds_unless_it_is_said_in_bounds() {
    let cases = [
        ("", 10.0),
        ("5", 5.0),
        ("0.25", 0.25),
        ("29", 29.0),
        (" 1.5 ", 1.5),
        ("0.24", 10.0),
        ("29.1", 10.0),
        ("-1", 10.0),
        ("NaN", 10.0),
        ("inf", 10.0),
        ("ten", 10.0),
        ("1e1", 10.0),
    ];
    for (sent, seconds) in cases {
        let waited = wait(&request(&[("x-sync-wait", sent)]));
        assert_eq!(waited, Duration::from_secs_f64(seconds), "{sent}");
    }
    assert_eq!(wait(&request(&[])), Duration::from_secs(10));
}

#[test]
fn respond_async_is_one_preference_among_others() {
    for (sent, later) in [
        ("respond-async", true),
        ("Respond-Async", true),
        ("wait=10, respond-async", true),
        ("return=minimal; respond-async", true),
        ("", false),
        ("respond-asynchronously", false),
        ("return=representation", false),
    ] {
        assert_eq!(prefers_later(&request(&[("prefer", sent)])), later, "{sent}");
    }
}

#[test]
fn bytes_that_are_no_kept_work_are_nothing() {
    for bytes in
        ["", "{}", "{}\n", "x\ny", "{\"status\":1}\n", "{\"status\":9999,\"headers\":[]}\n"]
    {
        let bytes = Bytes::from_static(bytes.as_bytes());
        assert!(kept::reply(&bytes).is_none());
        assert!(kept::request(&bytes).is_none());
    }
}

#[test]
fn where_a_part_ends_counts() {
    let digest = |parts: &[&str]| hash(parts.iter().map(|part| part.as_bytes()));
    assert_ne!(digest(&["ab", "c"]), digest(&["a", "bc"]));
    assert_ne!(digest(&["ab"]), digest(&["ab", ""]));
}

proptest! {
    #[test]
    fn a_kept_request_is_the_request(
        body: Vec<u8>, user: String, client: String, patient: Option<String>, grants: Vec<String>,
        roles: Vec<(String, String)>, mode in proptest::sample::select(Mode::ALL.to_vec()),
    ) {
        let role = |(id, organisation)| Role { id, organisation, ..Role::default() };
        let roles = roles.into_iter().map(role).collect();
        let caller = Caller {
            mode, organisation: "X26".into(), system: "1".into(), user, roles, patient, grants,
            ..Caller::application(client)
        };
        let sent = Request { body: body.into(), caller, ..request(&[("if-match", "W/\"1\"")]) };
        let (interaction, read) = kept::request(&kept::of_request("name", &sent)).unwrap();
        prop_assert_eq!(interaction, "name");
        prop_assert_eq!(&read.headers, &sent.headers);
        prop_assert_eq!(&read.body, &sent.body);
        prop_assert_eq!(&read.caller, &sent.caller);
        prop_assert_eq!(&read.path_values, &sent.path_values);
        prop_assert_eq!(digest(&read), digest(&sent));
    }

    #[test]
    fn a_kept_reply_is_the_reply(body: Vec<u8>, status in 200_u16..600) {
        let reply = Reply::new(StatusCode::from_u16(status).unwrap(), fhir::MEDIA_TYPE, body);
        let reply = reply.with(ETAG, "W/\"7\"");
        let read = kept::reply(&kept::of_reply(&reply)).unwrap();
        prop_assert_eq!(format!("{read:?}"), format!("{reply:?}"));
    }
}
