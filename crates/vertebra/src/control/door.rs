//! The control door: a Unix socket in the data folder. One order comes in as a line of JSON, one
//! answer goes out as another: `{"did":…}` or `{"failed":"…"}`. One order is carried out at a time.
//!
//! Who may use it: the owner of the data folder and the superuser. The socket is made readable by
//! nobody else (0600), and whoever connects is asked for their user id as well, since the socket
//! is there for a moment before its rights are.

use std::fs::{self, File, Permissions};
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::net::UnixStream as Caller;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base::limit::{ORDER_BYTES_MAX, ORDER_S_MAX};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufStream};
use tokio::net::{UnixListener, UnixStream};
use transport::Stop;

use super::{Ground, Order};
use crate::command::Failure;

const SOCKET: &str = "control.sock";
/// The longest path of a socket that every system takes, in bytes.
const PATH_BYTES_MAX: usize = 100;
const SUPERUSER: u32 = 0;

/// What became of an order.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Answer {
    Did(Value),
    Failed(Failure),
}

/// The control door of a running exchange. Its socket goes with it.
pub(crate) struct Door {
    listener: UnixListener,
    path: PathBuf,
    /// The user id of whoever runs the exchange.
    owner: u32,
}

impl Door {
    /// Opens the door of a data folder, whose store this process holds: a socket that is there
    /// already belongs to nobody any more.
    ///
    /// # Errors
    /// When the socket cannot be made.
    pub(crate) fn open(data: &Path) -> Result<Self, Failure> {
        let path = data.join(SOCKET);
        let made = || {
            match fs::remove_file(&path) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            let near = Near::to(data)?;
            let listener = UnixListener::bind(&near.path)?;
            fs::set_permissions(&path, Permissions::from_mode(0o600))?;
            Ok((listener, fs::metadata(&path)?.uid()))
        };
        let (listener, owner) =
            made().map_err(|error| format!("cannot open {}: {error}", path.display()))?;
        Ok(Self { listener, path, owner })
    }

    /// Carries orders out until it is time to stop; one that is under way is finished.
    pub(crate) async fn serve(self, ground: Ground, stop: Stop) {
        loop {
            let stream = tokio::select! {
                () = stop.cancelled() => return,
                accepted = self.listener.accept() => accepted,
            };
            match stream {
                Ok((stream, _)) if self.is_owner(&stream) => attend(stream, &ground).await,
                Ok(_) => tracing::warn!("somebody else knocked at the control door"),
                Err(error) => {
                    tracing::warn!(%error, "the control door does not take connections");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }

    fn is_owner(&self, stream: &UnixStream) -> bool {
        let who = stream.peer_cred().map(|who| who.uid());
        who.is_ok_and(|uid| uid == self.owner || uid == SUPERUSER)
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Carries out what comes over a connection, unless it takes too long to come.
async fn attend(stream: UnixStream, ground: &Ground) {
    let mut stream = BufStream::new(stream);
    let within = Duration::from_secs(ORDER_S_MAX);
    let mut line = Vec::new();
    let mut limited = (&mut stream).take(ORDER_BYTES_MAX);
    let read = tokio::time::timeout(within, limited.read_until(b'\n', &mut line)).await;
    if !matches!(read, Ok(Ok(1..))) || line.last() != Some(&b'\n') {
        return;
    }
    let answer = match serde_json::from_slice::<Order>(&line) {
        Ok(order) => match order.carry_out(ground).await {
            Ok(did) => Answer::Did(did),
            Err(why) => Answer::Failed(why),
        },
        // What the reader of JSON says may quote a secret.
        Err(_) => Answer::Failed(
            "the running exchange does not know this order. hint: is it of another version? \
             Restart it with this one"
                .into(),
        ),
    };
    let text = serde_json::to_string(&answer).unwrap_or_default() + "\n";
    let written = async {
        stream.write_all(text.as_bytes()).await?;
        stream.flush().await
    };
    // Whoever does not wait for the answer has had it done all the same.
    let _ = tokio::time::timeout(within, written).await;
}

/// Hands an order to the exchange that serves from a data folder. Nothing when none does.
///
/// # Errors
/// When one does and cannot be spoken to.
pub(super) fn ask(data: &Path, order: &Order) -> Result<Option<Result<Value, Failure>>, Failure> {
    let path = data.join(SOCKET);
    let failed = |error: std::io::Error| format!("cannot speak to {}: {error}", path.display());
    let mut stream = match Near::to(data).and_then(|near| Caller::connect(&near.path)) {
        Ok(stream) => stream,
        // No socket, or one that a killed exchange left behind.
        Err(error)
            if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused) =>
        {
            return Ok(None);
        }
        Err(error) => return Err(failed(error)),
    };
    let text = serde_json::to_string(order).unwrap_or_default() + "\n";
    stream.write_all(text.as_bytes()).map_err(failed)?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).map_err(failed)?;
    match serde_json::from_str(&line) {
        Ok(Answer::Did(did)) => Ok(Some(Ok(did))),
        Ok(Answer::Failed(why)) => Ok(Some(Err(why))),
        Err(_) => Err("the running exchange hung up. hint: its log says why".into()),
    }
}

/// A name for the socket of a folder that is short enough: such names have about a hundred bytes.
struct Near {
    path: PathBuf,
    /// Held while the short name leads through it.
    _folder: Option<File>,
}

impl Near {
    fn to(data: &Path) -> std::io::Result<Self> {
        let path = data.join(SOCKET);
        if path.as_os_str().len() <= PATH_BYTES_MAX || !cfg!(target_os = "linux") {
            return Ok(Self { path, _folder: None });
        }
        let folder = File::open(data)?;
        let path = PathBuf::from(format!("/proc/self/fd/{}/{SOCKET}", folder.as_raw_fd()));
        Ok(Self { path, _folder: Some(folder) })
    }
}

#[cfg(test)]
mod tests;
