//! One connection: from a socket, through TLS where that is asked for, to requests.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use base::limit::{HEADER_BYTES_MAX, HEADER_READ_S_MAX, HEADERS_MAX};
use http::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::Watcher;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tower::ServiceExt as _;

use crate::Tls;
use crate::peer::Peer;

/// Cuts something off, whoever is busy with it.
pub(crate) type Cut = tokio_util::sync::CancellationToken;

/// What a request knows of the connection that it came by.
#[derive(Clone, Debug, Default)]
pub(crate) struct Connection {
    /// Whether nobody between can read along.
    pub(crate) secure: bool,
    /// The address at the other end.
    pub(crate) address: Option<IpAddr>,
    /// Who is at the other end, where they showed a certificate.
    pub(crate) peer: Option<Arc<Peer>>,
    /// Ends the connection at once.
    pub(crate) cut: Cut,
}

/// What serves every connection of a listener.
pub(crate) struct Server {
    http: auto::Builder<TokioExecutor>,
    tls: Option<Tls>,
    router: Router,
}

impl Server {
    pub(crate) fn new(tls: Option<Tls>, router: Router) -> Self {
        Self { http: http(), tls, router }
    }

    /// Serves a socket until it is closed, or the watcher says that it is time to go.
    pub(crate) async fn serve(self: Arc<Self>, stream: TcpStream, from: IpAddr, watcher: Watcher) {
        let known = Connection { address: Some(from), ..Connection::default() };
        // Answers are small and callers wait for them: do not wait for more to send.
        let _ = stream.set_nodelay(true);
        let Some(tls) = &self.tls else {
            return self.talk(stream, known, watcher).await;
        };
        let limit = Duration::from_secs(HEADER_READ_S_MAX);
        match tokio::time::timeout(limit, tls.accept(stream)).await {
            Ok(Ok((stream, peer))) => {
                let peer = peer.map(Arc::new);
                let known = Connection { secure: true, peer, ..known };
                self.talk(stream, known, watcher).await;
            }
            Ok(Err(error)) => tracing::debug!(%error, "TLS was not agreed on"),
            Err(_) => tracing::debug!("TLS was not agreed on in time"),
        }
    }

    async fn talk<S>(&self, stream: S, known: Connection, watcher: Watcher)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let cut = known.cut.clone();
        let asked = Cut::new();
        let first = asked.clone();
        let to_axum = move |request: Request<Incoming>| {
            first.cancel();
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(known.clone());
            request
        };
        let service = TowerToHyperService::new(self.router.clone().map_request(to_axum));
        let talk = self.http.serve_connection(TokioIo::new(stream), service);
        tokio::select! {
            ended = watcher.watch(talk.into_owned()) => {
                if let Err(error) = ended {
                    tracing::debug!(%error, "connection ended badly");
                }
            }
            () = cut.cancelled() => {}
            () = silence(asked) => tracing::debug!("nothing was asked in time"),
        }
    }
}

/// Ends when nothing was asked in time. The HTTP library looks at the clock only once it knows
/// which version is spoken, and whoever says nothing never tells.
async fn silence(asked: Cut) {
    let limit = Duration::from_secs(HEADER_READ_S_MAX);
    if tokio::time::timeout(limit, asked.cancelled()).await.is_ok() {
        std::future::pending::<()>().await;
    }
}

fn http() -> auto::Builder<TokioExecutor> {
    let mut server = auto::Builder::new(TokioExecutor::new());
    server
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(HEADER_READ_S_MAX))
        .max_headers(HEADERS_MAX)
        // `pipeline_flush` would set this limit aside for answers: a caller who does not read
        // would have all of a download piled up here.
        .max_buf_size(HEADER_BYTES_MAX);
    server
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(HEADER_BYTES_MAX as u32)
        .max_concurrent_streams(256)
        .keep_alive_interval(Duration::from_secs(30))
        .keep_alive_timeout(Duration::from_secs(20));
    server
}
