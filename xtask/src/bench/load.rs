//! The load generator: callers that each keep one connection and one request in flight.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::{Duration, Instant};

use hyper::body::{Body, Bytes, Frame, Incoming};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::HOST;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// What one case gave, over all its turns.
#[derive(Default)]
pub(crate) struct Sample {
    /// How long each good answer took, in microseconds.
    pub(crate) took_us: Vec<u32>,
    /// Answers that were not good.
    pub(crate) bad: u64,
    /// How long was measured.
    pub(crate) lasted: Duration,
}

impl Sample {
    /// Good answers in a second.
    pub(crate) fn rate(&self) -> f64 {
        self.took_us.len() as f64 / self.lasted.as_secs_f64().max(1e-9)
    }

    /// The time within which this share of the good answers came, in microseconds.
    pub(crate) fn within_us(&mut self, share: f64) -> u32 {
        self.took_us.sort_unstable();
        let at = (self.took_us.len() as f64 * share) as usize;
        self.took_us.get(at).or(self.took_us.last()).copied().unwrap_or(0)
    }

    /// Adds another turn.
    pub(crate) fn add(&mut self, turn: Self) {
        self.took_us.extend(turn.took_us);
        self.bad += turn.bad;
        self.lasted += turn.lasted;
    }

    fn join(&mut self, caller: Self) {
        self.took_us.extend(caller.took_us);
        self.bad += caller.bad;
    }
}

/// One connection to a server.
pub(crate) struct Caller {
    send: SendRequest<String>,
    address: String,
}

impl Caller {
    /// Connects to `http://ADDR`.
    pub(crate) async fn connect(base: &str) -> Result<Self, String> {
        let address = base.trim_start_matches("http://").to_owned();
        let failed = |error: &dyn std::error::Error| format!("cannot connect to {base}: {error}");
        let stream = TcpStream::connect(&address).await.map_err(|error| failed(&error))?;
        stream.set_nodelay(true).map_err(|error| failed(&error))?;
        Self::over(stream, address).await
    }

    /// Calls over a connection that stands.
    pub(crate) async fn over<S>(stream: S, address: String) -> Result<Self, String>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let made = handshake(TokioIo::new(stream)).await;
        let (send, connection) = made.map_err(|error| format!("{address}: {error}"))?;
        tokio::spawn(connection);
        Ok(Self { send, address })
    }

    /// Where it calls.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Sends a request, reads the whole answer, and forgets its body.
    pub(crate) async fn call(&mut self, request: Request<String>) -> Result<Response<()>, String> {
        let (parts, mut body) = self.send(request).await?.into_parts();
        while next(&mut body).await?.is_some() {}
        Ok(Response::from_parts(parts, ()))
    }

    /// Sends a request and keeps the body of the answer.
    pub(crate) async fn fetch(&mut self, request: Request<String>) -> Result<Vec<u8>, String> {
        let mut body = self.send(request).await?.into_body();
        let mut bytes = Vec::new();
        while let Some(frame) = next(&mut body).await? {
            bytes.extend(frame.data_ref().into_iter().flatten());
        }
        Ok(bytes)
    }

    async fn send(&mut self, request: Request<String>) -> Result<Response<Incoming>, String> {
        let (mut parts, body) = request.into_parts();
        let host =
            self.address.parse().map_err(|_| "an address that no header holds".to_owned())?;
        parts.headers.insert(HOST, host);
        self.send.ready().await.map_err(no_answer)?;
        self.send.send_request(Request::from_parts(parts, body)).await.map_err(no_answer)
    }
}

async fn next(body: &mut Incoming) -> Result<Option<Frame<Bytes>>, String> {
    let frame = poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await;
    frame.transpose().map_err(no_answer)
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in map_err")]
fn no_answer(error: hyper::Error) -> String {
    format!("no answer: {error}")
}

/// What one caller does, over and over. It remembers between calls, and between turns.
pub(crate) trait Work: Send + 'static {
    /// Does one thing and says how long it took, or that it went wrong.
    fn once(
        &mut self,
        caller: &mut Caller,
    ) -> impl Future<Output = Result<Option<Duration>, String>> + Send;

    /// Whether there is nothing left to do it with, so that the turn ends early.
    fn is_done(&self) -> bool {
        false
    }
}

/// Lets callers work for a turn, each with its own connection, and returns them for the next.
pub(crate) async fn turn<W: Work>(
    base: &str,
    workers: Vec<W>,
    turn: Duration,
) -> Result<(Vec<W>, Sample), String> {
    let mut callers = JoinSet::new();
    let began = Instant::now();
    for worker in workers {
        let mut caller = Caller::connect(base).await?;
        callers.spawn(async move { repeat(worker, &mut caller, began + turn).await });
    }
    let mut sample = Sample::default();
    let mut workers = Vec::new();
    while let Some(done) = callers.join_next().await {
        let (worker, taken) = done.map_err(|error| error.to_string())??;
        sample.join(taken);
        workers.push(worker);
    }
    sample.lasted = began.elapsed();
    Ok((workers, sample))
}

async fn repeat<W: Work>(
    mut worker: W,
    caller: &mut Caller,
    until: Instant,
) -> Result<(W, Sample), String> {
    let mut sample = Sample::default();
    while Instant::now() < until && !worker.is_done() {
        match worker.once(caller).await? {
            Some(took) => sample.took_us.push(took.as_micros().try_into().unwrap_or(u32::MAX)),
            None => sample.bad += 1,
        }
    }
    Ok((worker, sample))
}

#[cfg(test)]
mod tests;
