//! The accept loop: connections in, within limits, and drained when it is time to go.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use base::limit::{CONNECTIONS_MAX, DRAIN_S_MAX, HEADER_BYTES_MAX, HEADER_READ_S_MAX, HEADERS_MAX};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::ServiceExt as _;

/// Says when to stop: clones of it stop together.
pub type Stop = tokio_util::sync::CancellationToken;

/// A socket that takes connections.
pub struct Listener {
    socket: TcpListener,
}

impl Listener {
    /// Listens on an address; port 0 picks a free one.
    ///
    /// # Errors
    /// When the address cannot be had.
    pub async fn bind(address: SocketAddr) -> std::io::Result<Self> {
        Ok(Self { socket: TcpListener::bind(address).await? })
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
        let server = Arc::new(server());
        let graceful = GracefulShutdown::new();
        let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
        loop {
            let Ok(place) = places.clone().acquire_owned().await else { break };
            let stream = tokio::select! {
                accepted = self.socket.accept() => match accepted {
                    Ok((stream, _)) => stream,
                    Err(error) => {
                        // Out of file descriptors, mostly: wait for some to come back.
                        tracing::warn!(%error, "cannot accept a connection");
                        tokio::time::sleep(Duration::from_millis(50)).await;
                        continue;
                    }
                },
                () = stop.cancelled() => break,
            };
            let connection = connection(&server, stream, router.clone());
            let watched = graceful.watch(connection.into_owned());
            tokio::spawn(async move {
                if let Err(error) = watched.await {
                    tracing::debug!(%error, "connection ended badly");
                }
                drop(place);
            });
        }
        drop(self.socket);
        drain(graceful).await;
    }
}

type Connection<'a> = auto::Connection<
    'a,
    TokioIo<TcpStream>,
    TowerToHyperService<
        tower::util::MapRequest<
            Router,
            fn(http::Request<hyper::body::Incoming>) -> http::Request<Body>,
        >,
    >,
    TokioExecutor,
>;

fn connection(
    server: &auto::Builder<TokioExecutor>,
    stream: TcpStream,
    router: Router,
) -> Connection<'_> {
    // Answers are small and callers wait for them: do not wait for more to send.
    let _ = stream.set_nodelay(true);
    let to_axum: fn(http::Request<hyper::body::Incoming>) -> http::Request<Body> =
        |request| request.map(Body::new);
    let service = TowerToHyperService::new(router.map_request(to_axum));
    server.serve_connection(TokioIo::new(stream), service)
}

fn server() -> auto::Builder<TokioExecutor> {
    let mut server = auto::Builder::new(TokioExecutor::new());
    server
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(HEADER_READ_S_MAX))
        .max_headers(HEADERS_MAX)
        .max_buf_size(HEADER_BYTES_MAX)
        .pipeline_flush(true);
    server
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(HEADER_BYTES_MAX as u32)
        .max_concurrent_streams(256)
        .keep_alive_interval(Duration::from_secs(30))
        .keep_alive_timeout(Duration::from_secs(20));
    server
}

async fn drain(graceful: GracefulShutdown) {
    let limit = Duration::from_secs(DRAIN_S_MAX);
    if tokio::time::timeout(limit, graceful.shutdown()).await.is_err() {
        tracing::warn!("some connections did not end in time and were cut");
    }
}
