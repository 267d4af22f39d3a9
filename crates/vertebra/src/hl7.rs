//! Messages of HL7 version 2: the sockets that they come in by, and who takes them.

use std::net::SocketAddr;

use security::Gate;
use transport::{MllpHandler, MllpListener, Stop, Tls, mllp_handler};

use crate::config::Config;
use crate::tls::{self, Files};

/// The sockets; none where nobody asked for one.
pub(crate) struct Doors {
    plain: Option<MllpListener>,
    secure: Option<(MllpListener, Tls, Files)>,
}

impl Doors {
    /// Opens the sockets that were asked for.
    ///
    /// # Errors
    /// When an address cannot be had, or there is no certificate to show.
    pub(crate) async fn open(config: &Config, demo: bool) -> Result<Self, String> {
        let plain = match config.mllp_listen {
            Some(address) => Some(listen(address).await?),
            None => None,
        };
        let secure = match config.mllp_tls_listen {
            Some(address) => {
                let (tls, files) = tls::prepare(config, demo)?;
                Some((listen(address).await?.with_tls(tls.clone()), tls, files))
            }
            None => None,
        };
        Ok(Self { plain, secure })
    }

    /// Takes messages until told to stop.
    pub(crate) async fn serve(self, house: mllp::House, gate: Gate, stop: Stop) {
        let receive: MllpHandler = mllp_handler(move |caller, message| {
            let house = house.clone();
            async move { house.receive(caller.as_ref(), message).await }
        });
        let plain = async {
            if let Some(listener) = self.plain {
                listener.serve(gate.clone(), receive.clone(), stop.clone()).await;
            }
        };
        let secure = async {
            if let Some((listener, tls, files)) = self.secure {
                let watched = tls::watch(tls, files, stop.clone());
                let served = listener.serve(gate.clone(), receive.clone(), stop.clone());
                tokio::join!(watched, served);
            }
        };
        tokio::join!(plain, secure);
    }
}

async fn listen(address: SocketAddr) -> Result<MllpListener, String> {
    let failed = |error| format!("cannot listen on {address}: {error}");
    let listener = MllpListener::bind(address).await.map_err(failed)?;
    let address = listener.address().map_err(failed)?;
    tracing::info!(%address, "serving MLLP");
    Ok(listener)
}
