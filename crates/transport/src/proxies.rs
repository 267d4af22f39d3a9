//! Proxies that say where calls really came from.

use std::net::IpAddr;
use std::str::FromStr;

use http::HeaderMap;

/// The header in which proxies say it, each adding at the end whom it took a call from
/// (<https://www.rfc-editor.org/rfc/rfc7239> calls it the de-facto one; it is the one they set).
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The proxies whose word on addresses is believed; nobody else's is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies(Vec<Network>);

/// Addresses that begin alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    bits: u32,
}

impl Proxies {
    /// Proxies at addresses, `10.0.0.7`, or in networks, `10.0.0.0/8`.
    ///
    /// # Errors
    /// Which of them is neither.
    pub fn new(written: &[String]) -> Result<Self, String> {
        let read = |text: &String| {
            text.parse().map_err(|()| format!("'{text}' is no address. hint: 10.0.0.7, 10.0.0.0/8"))
        };
        written.iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    /// Where a call came from, that somebody at this address brought: the last address in its
    /// headers that no proxy of ours has. Nobody else is believed, since anybody can write a
    /// header.
    pub(crate) fn source(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut source = peer.to_canonical();
        let lines = headers.get_all(FORWARDED_FOR).iter().rev();
        let texts = lines.map(|line| line.to_str().unwrap_or_default());
        for text in texts.flat_map(|line| line.rsplit(',')) {
            if !self.hold(source) {
                return source;
            }
            // What a proxy of ours did not write is not believed any further.
            let Some(before) = address(text.trim()) else { return source };
            source = before;
        }
        source
    }

    fn hold(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.holds(address))
    }
}

/// An address, with a port or without.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    let alone = bare.parse().ok();
    alone
        .or_else(|| Some(text.parse::<std::net::SocketAddr>().ok()?.ip()))
        .map(|it: IpAddr| it.to_canonical())
}

impl Network {
    fn holds(self, address: IpAddr) -> bool {
        let differ = leading(self.address) ^ leading(address);
        self.address.is_ipv4() == address.is_ipv4() && differ.leading_zeros() >= self.bits
    }
}

impl FromStr for Network {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (address, bits) = match text.split_once('/') {
            None => (text, None),
            Some((address, bits)) => (address, Some(bits.parse().map_err(drop)?)),
        };
        let address: IpAddr = address.parse().map_err(drop)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(most);
        if bits > most { Err(()) } else { Ok(Self { address, bits }) }
    }
}

/// The bits of an address, the first of them first.
fn leading(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(address.to_bits()) << 96,
        IpAddr::V6(address) => address.to_bits(),
    }
}

#[cfg(test)]
mod tests;
