//! The door of a system: a small HTTP server on a loopback address, with limits.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use base::limit::{
    BODY_READ_S_MAX, HEADER_BYTES_MAX, HEADER_READ_S_MAX, LOCAL_BODY_BYTES_MAX,
    LOCAL_CONNECTIONS_MAX, LOCAL_LARGE_AT_ONCE_MAX, LOCAL_SMALL_BYTES_MAX,
};
use bytes::Bytes;
use http::StatusCode;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};

use crate::folder::Folder;
use crate::request::{Reply, Request};

/// Says when to stop: clones of it stop together.
pub type Stop = tokio_util::sync::CancellationToken;

/// How long to wait before an address is asked for again.
const AGAIN: Duration = Duration::from_millis(50);

/// A door that nobody answers yet.
#[derive(Debug)]
pub struct Door {
    socket: TcpListener,
    address: SocketAddr,
}

/// Where the doors of a system are.
#[derive(Clone, Debug)]
pub struct Doors {
    /// For people.
    pub control: String,
    /// For other systems.
    pub systems: String,
}

impl Door {
    /// Opens a door of a name: at the address that it had the last time, or else at a free one.
    ///
    /// # Errors
    /// When no address can be had, or it cannot be kept.
    pub async fn open(folder: &Folder, name: &str) -> Result<Self, String> {
        let failed = |error: std::io::Error| format!("no door '{name}' can be opened: {error}");
        let last: Option<u16> = folder.get("door", name).await.map_err(failed)?;
        let at = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
        let socket = match at(last.unwrap_or_default()).await {
            Ok(socket) => socket,
            Err(_) => at(0).await.map_err(failed)?,
        };
        let address = socket.local_addr().map_err(failed)?;
        if last != Some(address.port()) {
            folder.put("door", name, &address.port()).await.map_err(failed)?;
        }
        Ok(Self { socket, address })
    }

    /// Where it is: `http://host:port`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Answers until told to stop. While nobody is `present` the door is shut, as that of a
    /// program that does not run.
    pub async fn serve<H, A>(self, handler: H, mut present: watch::Receiver<bool>, stop: Stop)
    where
        H: Fn(Request) -> A + Clone + Send + Sync + 'static,
        A: Future<Output = Reply> + Send + 'static,
    {
        let address = self.address;
        let mut socket = Some(self.socket);
        let serving = async {
            loop {
                let open = match socket.take() {
                    Some(open) => open,
                    None => bound(address).await,
                };
                let here = stop.child_token();
                tokio::select! {
                    () = accept(open, handler.clone(), &here) => {}
                    Ok(_) = present.wait_for(|present| !present) => {}
                }
                here.cancel();
                if present.wait_for(|present| *present).await.is_err() {
                    return;
                }
            }
        };
        tokio::select! {
            () = serving => {}
            () = stop.cancelled() => {}
        }
    }
}

/// The address again, once it can be had.
async fn bound(address: SocketAddr) -> TcpListener {
    loop {
        match TcpListener::bind(address).await {
            Ok(socket) => return socket,
            Err(error) => tracing::warn!(%error, "a local system cannot have its address"),
        }
        tokio::time::sleep(AGAIN).await;
    }
}

async fn accept<H, A>(socket: TcpListener, handler: H, here: &Stop)
where
    H: Fn(Request) -> A + Clone + Send + Sync + 'static,
    A: Future<Output = Reply> + Send + 'static,
{
    let places = Arc::new(Semaphore::new(LOCAL_CONNECTIONS_MAX));
    let large = Arc::new(Semaphore::new(LOCAL_LARGE_AT_ONCE_MAX));
    loop {
        let Ok(place) = places.clone().acquire_owned().await else { return };
        let Ok((stream, _)) = socket.accept().await else {
            tokio::time::sleep(AGAIN).await;
            continue;
        };
        let (handler, here, large) = (handler.clone(), here.clone(), large.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = converse(stream, handler, large) => {}
                () = here.cancelled() => {}
            }
            drop(place);
        });
    }
}

/// Answers what comes on a connection. How it ends is the other side's business.
async fn converse<H, A>(stream: TcpStream, handler: H, large: Arc<Semaphore>)
where
    H: Fn(Request) -> A + Clone + Send + 'static,
    A: Future<Output = Reply> + Send + 'static,
{
    let answer = service_fn(move |request: hyper::Request<Incoming>| {
        let (handler, large) = (handler.clone(), large.clone());
        async move {
            // What is large waits for its place before it is read, so that memory stays bounded.
            let most = request.body().size_hint().upper();
            let small = most.is_some_and(|bytes| bytes <= LOCAL_SMALL_BYTES_MAX);
            let _place = if small { None } else { large.acquire().await.ok() };
            Ok::<_, Infallible>(written(handler(read(request).await).await))
        }
    });
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(HEADER_READ_S_MAX))
        .max_buf_size(HEADER_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), answer)
        .await;
}

async fn read(request: hyper::Request<Incoming>) -> Request {
    let (head, body) = request.into_parts();
    let reading = Limited::new(body, LOCAL_BODY_BYTES_MAX).collect();
    let body = match tokio::time::timeout(Duration::from_secs(BODY_READ_S_MAX), reading).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(StatusCode::PAYLOAD_TOO_LARGE),
        Ok(Err(_)) => Err(StatusCode::BAD_REQUEST),
        Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
    };
    let (path, query) =
        (head.uri.path().to_owned(), head.uri.query().unwrap_or_default().to_owned());
    Request { method: head.method, path, query, headers: head.headers, body }
}

fn written(reply: Reply) -> hyper::Response<Full<Bytes>> {
    let mut response = hyper::Response::new(Full::new(reply.body));
    *response.status_mut() = reply.status;
    *response.headers_mut() = reply.headers;
    response
}

#[cfg(test)]
mod tests;
