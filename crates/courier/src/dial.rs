//! Connections: the name is looked up here, what it leads to is judged, and the connection goes
//! to the very address that was judged. Nobody looks the name up a second time.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use base::limit::PUSH_CONNECT_S_MAX;
use http::Uri;
use http::uri::Scheme;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpStream, lookup_host};
use tower::Service;

use crate::reach::may_call;
use crate::trouble::Trouble;

pub(crate) type Error = Box<dyn std::error::Error + Send + Sync>;
type Pending<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

/// Makes connections to endpoints.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dial {
    /// Whether the endpoints are private ones.
    pub(crate) private: bool,
}

impl Service<Uri> for Dial {
    type Response = TokioIo<TcpStream>;
    type Error = Error;
    type Future = Pending<Self::Response>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let private = self.private;
        Box::pin(async move { Ok(TokioIo::new(dial(&uri, private).await?)) })
    }
}

/// The host of an address; one of IPv6 without its brackets.
pub(crate) fn bare(uri: &Uri) -> Option<&str> {
    Some(uri.host()?.trim_start_matches('[').trim_end_matches(']'))
}

/// Connects to the host and port of an address, without TLS.
pub(crate) async fn dial(uri: &Uri, private: bool) -> Result<TcpStream, Error> {
    let host = bare(uri).ok_or(Trouble::NoAddress)?;
    let secure = uri.scheme() == Some(&Scheme::HTTPS);
    let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
    let found = lookup_host((host, port)).await.map_err(|_| Trouble::NoAddress)?;
    let mut refused = false;
    let mut last: Option<Error> = None;
    for address in found {
        if !may_call(address.ip(), private) {
            refused = true;
            continue;
        }
        match TcpStream::connect(address).await {
            Ok(stream) => {
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Err(error) => last = Some(error.into()),
        }
    }
    let nowhere = if refused { Trouble::NotPublic } else { Trouble::NoAddress };
    Err(last.unwrap_or_else(|| nowhere.into()))
}

/// Bounds the time that another maker of connections may take, TLS included.
#[derive(Clone, Debug)]
pub(crate) struct InTime<S>(pub(crate) S);

impl<S> Service<Uri> for InTime<S>
where
    S: Service<Uri, Error = Error>,
    S::Future: Send + 'static,
    S::Response: 'static,
{
    type Response = S::Response;
    type Error = Error;
    type Future = Pending<S::Response>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connecting = self.0.call(uri);
        let longest = Duration::from_secs(PUSH_CONNECT_S_MAX);
        Box::pin(async move {
            tokio::time::timeout(longest, connecting).await.unwrap_or(Err(Trouble::TooSlow.into()))
        })
    }
}

#[cfg(test)]
mod tests;
