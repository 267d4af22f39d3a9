//! The accept loop: connections in, within limits, and drained when it is time to go.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use base::limit::{CONNECTIONS_MAX, DRAIN_S_MAX};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::Tls;
use crate::connection::Server;

/// Says when to stop: clones of it stop together.
pub type Stop = tokio_util::sync::CancellationToken;

/// A socket that takes connections.
pub struct Listener {
    socket: TcpListener,
    tls: Option<Tls>,
}

impl Listener {
    /// Listens on an address; port 0 picks a free one.
    ///
    /// # Errors
    /// When the address cannot be had.
    pub async fn bind(address: SocketAddr) -> std::io::Result<Self> {
        Ok(Self { socket: TcpListener::bind(address).await?, tls: None })
    }

    /// The same, for callers who speak TLS and no others.
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

    /// Serves until told to stop, then lets running requests end, for a while.
    pub async fn serve(self, router: Router, stop: Stop) {
        let server = Arc::new(Server::new(self.tls, router));
        let graceful = GracefulShutdown::new();
        let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
        loop {
            let Ok(place) = places.clone().acquire_owned().await else { break };
            let (stream, from) = tokio::select! {
                accepted = self.socket.accept() => match accepted {
                    Ok((stream, from)) => (stream, from.ip()),
                    Err(error) => {
                        // Out of file descriptors, mostly: wait for some to come back.
                        tracing::warn!(%error, "cannot accept a connection");
                        tokio::time::sleep(Duration::from_millis(50)).await;
                        continue;
                    }
                },
                () = stop.cancelled() => break,
            };
            let serving = server.clone().serve(stream, from, graceful.watcher());
            tokio::spawn(async move {
                serving.await;
                drop(place);
            });
        }
        drop(self.socket);
        drain(graceful).await;
    }
}

async fn drain(graceful: GracefulShutdown) {
    let limit = Duration::from_secs(DRAIN_S_MAX);
    if tokio::time::timeout(limit, graceful.shutdown()).await.is_err() {
        tracing::warn!("some connections did not end in time and were cut");
    }
}
