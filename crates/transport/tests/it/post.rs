//! A small API: boxes that take letters and give letters, of any size.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Barrier};

use axum::Router;
use base::{Fault, Kind};
use bytes::Bytes;
use http::{Method, StatusCode};
use metrics_exporter_prometheus::PrometheusBuilder;
use security::{Caller, Gate, Mode, Tokens};
use serde_json::json;
use service::{
    Answer, Download, Interaction, Keeper, Registry, Reply, Request, Service, Status, Style,
    UploadLimit, handler,
};
use tokio::sync::Notify;
use transport::{Exchange, Health, Listener, Stop, Tls, router};

pub(crate) const MIB: u64 = 1024 * 1024;
/// How large the large things are, in bytes.
pub(crate) const LARGE: u64 = 200 * MIB;

/// What happened in the house.
pub(crate) struct Seen {
    /// How many bytes of uploads were taken in.
    pub(crate) taken: AtomicU64,
    /// How many bytes of downloads were made.
    pub(crate) made: AtomicU64,
    /// How many bytes a test says to have sent.
    pub(crate) sent: AtomicU64,
    /// The most bytes that were sent and not taken in.
    pub(crate) lag: AtomicU64,
    /// Whether a download is over, for better or worse.
    pub(crate) over: AtomicBool,
    /// Told at each piece of an upload and each block of a download.
    pub(crate) moved: Notify,
    /// Where the reader of a download that breaks off meets its maker.
    pub(crate) meeting: Barrier,
}

impl Seen {
    fn new() -> Self {
        Self {
            taken: AtomicU64::new(0),
            made: AtomicU64::new(0),
            sent: AtomicU64::new(0),
            lag: AtomicU64::new(0),
            over: AtomicBool::new(false),
            moved: Notify::new(),
            meeting: Barrier::new(2),
        }
    }
}

/// The house, on a free port.
pub(crate) struct Post {
    pub(crate) address: SocketAddr,
    pub(crate) seen: Arc<Seen>,
    stop: Stop,
}

impl Post {
    /// Opens it on the runtime that this is called on.
    pub(crate) async fn open(tls: Option<Tls>) -> Self {
        let seen = Arc::new(Seen::new());
        let exchange = Exchange {
            registry: Registry::new(vec![service(&seen)]),
            gate: Gate::closed(Tokens::default()),
            health: Health::new(|| Ok(())),
            metrics: PrometheusBuilder::new().build_recorder().handle(),
            public_url: None,
            proxies: transport::Proxies::default(),
            witness: None,
        };
        let mut listener = Listener::bind(([127, 0, 0, 1], 0).into()).await.unwrap();
        if let Some(tls) = tls {
            listener = listener.with_tls(tls);
        }
        let (address, stop) = (listener.address().unwrap(), Stop::new());
        tokio::spawn(listener.serve(router(exchange, Router::new()), stop.clone()));
        Self { address, seen, stop }
    }
}

impl Drop for Post {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

fn service(seen: &Arc<Seen>) -> Service {
    let limited = |bytes_max| Some(UploadLimit { bytes_max });
    let letters = [
        interaction(seen, Method::GET, "/{box}/large", large),
        interaction(seen, Method::HEAD, "/{box}/large", large),
        interaction(seen, Method::GET, "/{box}/broken", broken),
        interaction(seen, Method::GET, "/{box}/origin", origin),
        interaction(seen, Method::GET, "/{box}/caller", caller),
        interaction(seen, Method::POST, "/{box}/whole", whole),
    ];
    let uploads = [
        (interaction(seen, Method::PUT, "/{box}/large", take_in), limited(2 * LARGE)),
        (interaction(seen, Method::PUT, "/{box}/small", take_in), limited(MIB)),
        (interaction(seen, Method::PUT, "/{box}/full", full), limited(LARGE)),
    ];
    let uploads = uploads.map(|(interaction, upload)| Interaction { upload, ..interaction });
    Service {
        name: "post",
        title: "Post",
        summary: "Carry letters.",
        description: "",
        version: "1",
        status: Status::Alpha,
        standards: &[],
        technologies: &[],
        base: "/post",
        faults: &[],
        keeper: Keeper::own("`Box` and the name of the box.", |knock| {
            let wanted = format!("Box {}", knock.path_value("box"));
            if knock.header("authorization") == Some(&wanted) {
                let shown = knock.certificate.map(|shown| shown.common_name.clone());
                let caller = Caller::application(shown.unwrap_or(wanted));
                Ok(Caller { mode: Mode::Mailbox, ..caller }.into())
            } else {
                Err(Fault::new(Kind::Forbidden, "403 not yours", ""))
            }
        }),
        scopes: &[],
        style: style(),
        interactions: letters.into_iter().chain(uploads).collect(),
        schemas: json!({}),
    }
}

/// A fault whose code begins with its status.
fn render(fault: &Fault, _: &str) -> Reply {
    let (status, words) = fault.code().split_at(3);
    let text = format!("{}: {}", words.trim(), fault.public());
    Reply::new(StatusCode::from_bytes(status.as_bytes()).unwrap(), "text/plain", text)
}

fn style() -> Style {
    Style {
        render,
        unauthenticated: |_| Fault::new(Kind::Unauthenticated, "401 token", ""),
        forbidden: |_, _| Fault::new(Kind::Forbidden, "403 access", ""),
        unknown_path: |_| Fault::new(Kind::Incorrect, "404 path", ""),
        unknown_method: |_| Fault::new(Kind::Incorrect, "405 method", ""),
        too_many: |_| Fault::new(Kind::Busy, "429 many", ""),
        too_slow: |what| Fault::new(Kind::Interrupted, "408 slow", what),
        too_large: |what| Fault::new(Kind::Incorrect, "413 large", what),
        broken_off: |what| Fault::new(Kind::Incorrect, "400 broken", what),
        mirrored: &["x-request-id"],
        cors_headers: "",
        media_types: &["text/plain"],
        schema: || json!({}),
    }
}

fn interaction<W, F>(seen: &Arc<Seen>, method: Method, path: &'static str, work: W) -> Interaction
where
    W: Fn(Arc<Seen>, Request) -> F + Copy + Send + Sync + 'static,
    F: Future<Output = Answer> + Send + 'static,
{
    let seen = seen.clone();
    Interaction {
        name: path,
        summary: "Answers.",
        description: "",
        method,
        path,
        access: &[Mode::Mailbox],
        api_key: false,
        granted: &[],
        parameters: Vec::new(),
        body: None,
        upload: None,
        replies: Vec::new(),
        faults: Vec::new(),
        handler: handler(move |request| work(seen.clone(), request)),
    }
}

fn say(text: impl Into<Bytes>) -> Reply {
    Reply::new(StatusCode::OK, "text/plain", text)
}

async fn take_in(seen: Arc<Seen>, request: Request) -> Answer {
    let mut stream = request.upload.take().unwrap();
    assert!(request.body.is_empty());
    let mut bytes = 0;
    loop {
        match stream.next().await {
            Ok(Some(piece)) => bytes += piece.len() as u64,
            Ok(None) => return Ok(say(format!("{bytes} bytes"))),
            Err(error) => return Err(style().interrupted(error)),
        }
        seen.taken.store(bytes, Ordering::SeqCst);
        let lag = seen.sent.load(Ordering::SeqCst).saturating_sub(bytes);
        seen.lag.fetch_max(lag, Ordering::SeqCst);
        seen.moved.notify_one();
    }
}

async fn full(_: Arc<Seen>, _: Request) -> Answer {
    Err(Fault::new(Kind::Conflict, "409 full", "the box is full"))
}

/// Says so when a download is over.
struct Making(Arc<Seen>);

impl Drop for Making {
    fn drop(&mut self) {
        self.0.over.store(true, Ordering::SeqCst);
    }
}

async fn large(seen: Arc<Seen>, _: Request) -> Answer {
    let making = Making(seen);
    let download = Download::from_blocks(Some(LARGE), move || {
        let seen = &making.0;
        let made = seen.made.load(Ordering::SeqCst);
        if made == LARGE {
            return Ok::<_, String>(None);
        }
        seen.made.store(made + MIB, Ordering::SeqCst);
        seen.moved.notify_one();
        Ok(Some(Bytes::from(vec![b'x'; MIB as usize])))
    });
    Ok(Reply::stream(StatusCode::OK, "text/plain", download))
}

/// The first block comes. Once it was read, the second does not.
async fn broken(seen: Arc<Seen>, request: Request) -> Answer {
    let size = request.query.is_empty().then_some(2000);
    let mut first = Some(Bytes::from(vec![b'x'; 1000]));
    let download = Download::from_blocks(size, move || {
        if let Some(first) = first.take() {
            return Ok(Some(first));
        }
        seen.meeting.wait();
        Err("the disk is gone")
    });
    Ok(Reply::stream(StatusCode::OK, "text/plain", download))
}

async fn whole(_: Arc<Seen>, request: Request) -> Answer {
    assert!(request.upload.take().is_none());
    Ok(say(format!("{} bytes", request.body.len())))
}

/// Who calls: by the certificate, where there is one.
async fn caller(_: Arc<Seen>, request: Request) -> Answer {
    Ok(say(request.caller.client))
}

async fn origin(_: Arc<Seen>, request: Request) -> Answer {
    Ok(say(request.origin))
}
