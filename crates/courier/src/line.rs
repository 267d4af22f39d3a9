//! Connections to receivers of HL7 version 2, which are kept: one message at a time on each.
//!
//! Whoever speaks on a line has it to itself, and gives it back when everything that was asked was
//! answered. A line that is dropped instead is hung up on.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use base::limit::{
    CONNECTION_READ_BYTES, MLLP_ANSWER_BYTES_MAX, MLLP_BETWEEN_BYTES_MAX, MLLP_IDLE_S_MAX,
    MLLP_KEPT_MAX, MLLP_LARGE_AT_ONCE_MAX, PUSH_CONNECT_S_MAX,
};
use broker::Endpoint;
use hl7v2::mllp::Decoder;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_util::either::Either;

use crate::dial::{Error, bare, dial};
use crate::place;
use crate::trouble::{Trouble, because};

/// A connection to a receiver.
pub(crate) struct Line {
    stream: Either<TcpStream, TlsStream<TcpStream>>,
    heard: Decoder,
}

/// Why nothing was heard on a line.
#[derive(Debug)]
pub(crate) enum Lost {
    /// The connection ended before a byte of an answer came.
    Closed(String),
    /// What came is no answer.
    Garbled(String),
}

/// The lines that nobody speaks on, by the names of their endpoints.
pub(crate) struct Lines {
    tls: TlsConnector,
    kept: Mutex<HashMap<String, Kept>>,
    /// Places for large messages, each of which is in memory as a whole.
    pub(crate) large: Semaphore,
}

struct Kept {
    line: Line,
    url: String,
    private: bool,
    since: Instant,
}

impl Lines {
    /// None yet.
    pub(crate) fn new(tls: ClientConfig) -> Self {
        Self {
            tls: TlsConnector::from(Arc::new(tls)),
            kept: Mutex::default(),
            large: Semaphore::new(MLLP_LARGE_AT_ONCE_MAX),
        }
    }

    /// The line that was kept for an endpoint, if it is still good: open, and nobody has said
    /// anything on it that was not asked.
    pub(crate) async fn kept(&self, endpoint: &Endpoint) -> Option<Line> {
        let found = self.all().remove(&endpoint.name);
        let Kept { mut line, url, private, .. } = found.filter(|kept| !kept.is_old())?;
        let same = url == endpoint.url && private == endpoint.private;
        (same && line.is_quiet().await).then_some(line)
    }

    /// A new line to an endpoint.
    ///
    /// # Errors
    /// Why there is none.
    pub(crate) async fn connect(&self, endpoint: &Endpoint) -> Result<Line, String> {
        let longest = Duration::from_secs(PUSH_CONNECT_S_MAX);
        let connected = timeout(longest, self.connected(endpoint)).await;
        let stream = connected.unwrap_or_else(|_| Err(Trouble::TooSlow.into()));
        let stream = stream.map_err(|error| because("no connection", error.as_ref()))?;
        Ok(Line { stream, heard: Decoder::new(MLLP_ANSWER_BYTES_MAX, MLLP_BETWEEN_BYTES_MAX) })
    }

    /// Keeps a line for what comes next.
    pub(crate) fn keep(&self, endpoint: &Endpoint, line: Line) {
        let (url, private) = (endpoint.url.clone(), endpoint.private);
        let mut all = self.all();
        all.retain(|_, kept| !kept.is_old());
        if all.len() < MLLP_KEPT_MAX {
            let kept = Kept { line, url, private, since: Instant::now() };
            all.insert(endpoint.name.clone(), kept);
        }
    }

    async fn connected(
        &self,
        endpoint: &Endpoint,
    ) -> Result<Either<TcpStream, TlsStream<TcpStream>>, Error> {
        let address = place::line(endpoint)?;
        let stream = dial(&address, endpoint.private).await?;
        if address.scheme_str() != Some("mllps") {
            return Ok(Either::Left(stream));
        }
        let host = bare(&address).unwrap_or_default().to_owned();
        let name = ServerName::try_from(host).map_err(|_| Trouble::NoAddress)?;
        Ok(Either::Right(self.tls.connect(name, stream).await?))
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn is_old(&self) -> bool {
        self.since.elapsed() >= Duration::from_secs(MLLP_IDLE_S_MAX)
    }
}

impl Line {
    /// Says something, and hears the next block. Where a time is given, nobody need answer: when
    /// it is over, there is none.
    pub(crate) async fn ask(
        &mut self,
        block: &[u8],
        patience: Option<Duration>,
    ) -> Result<Option<Vec<u8>>, Lost> {
        let said = async {
            self.stream.write_all(block).await?;
            self.stream.flush().await
        };
        if let Err(error) = said.await {
            return Err(Lost::Closed(because("no acknowledgement", &error)));
        }
        let Some(patience) = patience else { return self.answer().await.map(Some) };
        timeout(patience, self.answer()).await.ok().transpose()
    }

    async fn answer(&mut self) -> Result<Vec<u8>, Lost> {
        loop {
            match self.heard.next_message() {
                Ok(Some(answer)) => return Ok(answer),
                Ok(None) => self.hear().await?,
                Err(error) => return Err(Lost::Garbled(error.to_string())),
            }
        }
    }

    async fn hear(&mut self) -> Result<(), Lost> {
        let mut piece = [0; CONNECTION_READ_BYTES];
        match self.stream.read(&mut piece).await {
            Ok(0) if self.heard.is_inside() => {
                Err(Lost::Garbled("the acknowledgement broke off".into()))
            }
            Ok(0) => {
                let why = "no acknowledgement: the connection was closed";
                Err(Lost::Closed(why.into()))
            }
            Ok(bytes) => {
                self.heard.push(piece.get(..bytes).unwrap_or_default());
                Ok(())
            }
            Err(error) => Err(Lost::Closed(because("no acknowledgement", &error))),
        }
    }

    /// Whether it is open, and nothing waits to be heard.
    async fn is_quiet(&mut self) -> bool {
        let nothing_heard = self.heard.waiting_bytes() == 0 && !self.heard.is_inside();
        nothing_heard && timeout(Duration::ZERO, self.stream.read(&mut [0])).await.is_err()
    }
}

impl fmt::Debug for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lines")
    }
}
