//! Connections that bring messages of HL7 version 2, one after the other, by MLLP: plain on this
//! machine, or over TLS from callers who show a certificate.
//!
//! One message at a time: the next is taken when the last is answered. What a message means is
//! for a [`Handler`] to say.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use base::limit::{
    CONNECTION_READ_BYTES, DRAIN_S_MAX, HEADER_READ_S_MAX, HL7V2_BYTES_MAX, MLLP_BETWEEN_BYTES_MAX,
    MLLP_CONNECTIONS_MAX, MLLP_IDLE_S_MAX, MLLP_LARGE_AT_ONCE_MAX, MLLP_MESSAGE_S_MAX,
    MLLP_SMALL_BYTES_MAX,
};
use bytes::Bytes;
use hl7v2::mllp::{Decoder, encode};
use security::{Caller, Gate};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tokio_util::task::TaskTracker;

use crate::peer::Peer;
use crate::{Stop, Tls};

/// What takes a message from a caller, if anybody knows who that is, and says what is answered.
pub type Handler = Arc<
    dyn Fn(Option<Caller>, Bytes) -> Pin<Box<dyn Future<Output = Option<Vec<u8>>> + Send>>
        + Send
        + Sync,
>;

/// Makes a [`Handler`] of an async function.
pub fn handler<F, W>(receive: F) -> Handler
where
    F: Fn(Option<Caller>, Bytes) -> W + Send + Sync + 'static,
    W: Future<Output = Option<Vec<u8>>> + Send + 'static,
{
    Arc::new(move |caller, message| Box::pin(receive(caller, message)))
}

/// A socket that takes connections which bring messages.
pub struct Listener {
    socket: TcpListener,
    tls: Option<Tls>,
}

/// What serves every connection of a listener.
struct Server {
    gate: Gate,
    handler: Handler,
    large: Arc<Semaphore>,
    stop: Stop,
}

/// Why a connection is not read any further.
enum End {
    /// The caller closed it, or the house is about to close.
    InOrder,
    /// The caller keeps to no protocol, or to none of the limits.
    Cut(&'static str),
}

impl Listener {
    /// Listens on an address; port 0 picks a free one.
    ///
    /// # Errors
    /// When the address cannot be had.
    pub async fn bind(address: SocketAddr) -> std::io::Result<Self> {
        Ok(Self { socket: TcpListener::bind(address).await?, tls: None })
    }

    /// The same, for callers who speak TLS and show a certificate, and no others.
    #[must_use]
    pub fn with_tls(self, tls: Tls) -> Self {
        Self { tls: Some(tls), ..self }
    }

    /// The address that is listened on.
    ///
    /// # Errors
    /// When the socket is gone.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Serves until told to stop, then lets the messages that are being taken be answered.
    pub async fn serve(self, gate: Gate, handler: Handler, stop: Stop) {
        let large = Arc::new(Semaphore::new(MLLP_LARGE_AT_ONCE_MAX));
        let server = Arc::new(Server { gate, handler, large, stop: stop.clone() });
        let places = Arc::new(Semaphore::new(MLLP_CONNECTIONS_MAX));
        let open = TaskTracker::new();
        loop {
            let stream = tokio::select! {
                accepted = self.socket.accept() => match accepted {
                    Ok((stream, _)) => stream,
                    Err(error) => {
                        tracing::warn!(%error, "cannot accept a connection");
                        tokio::time::sleep(Duration::from_millis(50)).await;
                        continue;
                    }
                },
                () = stop.cancelled() => break,
            };
            // One too many is hung up on: left waiting it would look like a message that is lost.
            let Ok(place) = places.clone().try_acquire_owned() else {
                cut("too many connections");
                continue;
            };
            let (server, tls) = (server.clone(), self.tls.clone());
            open.spawn(async move {
                server.connection(stream, tls).await;
                drop(place);
            });
        }
        drop(self.socket);
        open.close();
        if timeout(Duration::from_secs(DRAIN_S_MAX), open.wait()).await.is_err() {
            tracing::warn!("some messages were not answered in time");
        }
    }
}

impl Server {
    async fn connection(&self, stream: TcpStream, tls: Option<Tls>) {
        let _ = stream.set_nodelay(true);
        let Some(tls) = tls else { return self.talk(stream, None).await };
        match timeout(Duration::from_secs(HEADER_READ_S_MAX), tls.accept(stream)).await {
            Ok(Ok((stream, Some(peer)))) => self.talk(stream, Some(peer)).await,
            Ok(Ok((_, None))) => cut("no certificate was shown"),
            Ok(Err(error)) => {
                tracing::debug!(%error, "TLS was not agreed on");
                cut("no TLS");
            }
            Err(_) => cut("no TLS in time"),
        }
    }

    async fn talk<S: AsyncRead + AsyncWrite + Unpin>(&self, mut stream: S, peer: Option<Peer>) {
        metrics::gauge!("mllp_connections").increment(1);
        let end = self.messages(&mut stream, peer.as_ref()).await;
        metrics::gauge!("mllp_connections").decrement(1);
        if let End::Cut(why) = end {
            cut(why);
        }
        let _ = timeout(Duration::from_secs(1), stream.shutdown()).await;
    }

    async fn messages<S>(&self, stream: &mut S, peer: Option<&Peer>) -> End
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let mut decoder = Decoder::new(HL7V2_BYTES_MAX, MLLP_BETWEEN_BYTES_MAX);
        loop {
            let message = match self.message(stream, &mut decoder).await {
                Ok(message) => message,
                Err(end) => return end,
            };
            // Asked for each message: a certificate may have been revoked since the last.
            let caller = match peer {
                Some(peer) if !peer.is_good() => return End::Cut("a certificate is good no more"),
                Some(peer) => self.gate.admit_certificate(Some(&peer.certificate)).ok(),
                None => self.gate.admit_certificate(None).ok(),
            };
            let Some(answer) = (self.handler)(caller, message.into()).await else { continue };
            let Some(block) = encode(&answer) else {
                return End::Cut("no answer could be written");
            };
            let write = async {
                stream.write_all(&block).await?;
                stream.flush().await
            };
            match timeout(Duration::from_secs(MLLP_MESSAGE_S_MAX), write).await {
                Ok(Ok(())) => {}
                _ => return End::Cut("an answer was not read"),
            }
        }
    }

    /// The next message. A large one is read on when there is a place for it.
    async fn message<S>(&self, stream: &mut S, decoder: &mut Decoder) -> Result<Vec<u8>, End>
    where
        S: AsyncRead + Unpin,
    {
        let (idle, whole) =
            (Duration::from_secs(MLLP_IDLE_S_MAX), Duration::from_secs(MLLP_MESSAGE_S_MAX));
        if let Some(message) = next(decoder)? {
            return Ok(message);
        }
        if !decoder.is_inside() {
            tokio::select! {
                begun = timeout(idle, read_until_inside(stream, decoder)) => match begun {
                    Ok(Ok(Some(message))) => return Ok(message),
                    Ok(Ok(None)) => {}
                    Ok(Err(end)) => return Err(end),
                    Err(_) => return Err(End::Cut("it was idle")),
                },
                () = self.stop.cancelled() => return Err(End::InOrder),
            }
        }
        let rest = timeout(whole, self.read_message(stream, decoder)).await;
        rest.unwrap_or(Err(End::Cut("a message took too long")))
    }

    async fn read_message<S>(&self, stream: &mut S, decoder: &mut Decoder) -> Result<Vec<u8>, End>
    where
        S: AsyncRead + Unpin,
    {
        let mut place: Option<OwnedSemaphorePermit> = None;
        loop {
            if place.is_none() && decoder.waiting_bytes() > MLLP_SMALL_BYTES_MAX {
                place = self.large.clone().acquire_owned().await.ok();
            }
            read(stream, decoder).await?;
            if let Some(message) = next(decoder)? {
                return Ok(message);
            }
        }
    }
}

/// Reads until a message has begun, or is there already.
async fn read_until_inside<S>(stream: &mut S, decoder: &mut Decoder) -> Result<Option<Vec<u8>>, End>
where
    S: AsyncRead + Unpin,
{
    loop {
        read(stream, decoder).await?;
        let message = next(decoder)?;
        if message.is_some() || decoder.is_inside() {
            return Ok(message);
        }
    }
}

async fn read<S: AsyncRead + Unpin>(stream: &mut S, decoder: &mut Decoder) -> Result<(), End> {
    let mut piece = [0; CONNECTION_READ_BYTES];
    match stream.read(&mut piece).await {
        Ok(0) if decoder.is_inside() => Err(End::Cut("a message broke off")),
        Ok(0) => Err(End::InOrder),
        Ok(bytes) => {
            decoder.push(piece.get(..bytes).unwrap_or_default());
            Ok(())
        }
        Err(_) => Err(End::Cut("the connection broke")),
    }
}

fn next(decoder: &mut Decoder) -> Result<Option<Vec<u8>>, End> {
    decoder.next_message().map_err(|error| {
        tracing::debug!(%error, "a connection is hung up on");
        End::Cut("beyond a limit")
    })
}

/// Notes that a connection was ended by the house.
fn cut(why: &'static str) {
    metrics::counter!("mllp_connections_cut_total", "why" => why).increment(1);
}
