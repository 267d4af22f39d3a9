//! Where an endpoint is, and whether it may be there.

use broker::Endpoint;
use http::Uri;
use http::uri::Scheme;

use crate::webhook;

/// What is wrong with an endpoint, as far as can be seen without calling it: its wire, its
/// address and its secrets.
///
/// # Errors
/// The first thing that is wrong, in words for an operator.
pub fn check(endpoint: &Endpoint) -> Result<(), String> {
    match endpoint.wire.as_str() {
        "webhook" => webhook::keys(endpoint).map(|_| ())?,
        "mllp" => return line(endpoint).map(|_| ()),
        // The third is carried by whoever speaks it: see the API of that wire.
        "plain" | "ebxml" => {}
        other => {
            return Err(format!("no wire is called '{other}'. hint: webhook, plain, mllp, ebxml"));
        }
    }
    place(endpoint).map(|_| ())
}

/// What is wrong with the URL of somebody that calls are passed on to, as far as can be seen
/// without calling.
///
/// # Errors
/// The first thing that is wrong, in words for an operator.
pub fn check_base(url: &str, private: bool) -> Result<(), String> {
    if address(url, private)?.query().is_some() || url.contains('#') {
        return Err("the url has a query or a fragment, and paths go behind it".into());
    }
    Ok(())
}

/// The address of an endpoint.
///
/// # Errors
/// Why nothing may be sent there.
pub(crate) fn place(endpoint: &Endpoint) -> Result<Uri, String> {
    address(&endpoint.url, endpoint.private)
}

/// The address of an endpoint that takes messages of HL7 version 2 over MLLP: `mllps://host:port`,
/// or for a private one `mllp://host:port`, without TLS.
///
/// # Errors
/// Why nothing may be sent there.
pub(crate) fn line(endpoint: &Endpoint) -> Result<Uri, String> {
    let uri = named(&endpoint.url)?;
    let secure = uri.scheme_str() == Some("mllps");
    if !secure && uri.scheme_str() != Some("mllp") {
        return Err("the url begins neither with mllps:// nor with mllp://".into());
    }
    if !secure && !endpoint.private {
        return Err("the url is not mllps. hint: mllp is for private endpoints only".into());
    }
    if uri.port_u16().is_none() {
        return Err("the url names no port. hint: mllps://host:port".into());
    }
    if !matches!(uri.path(), "" | "/") || uri.query().is_some() || endpoint.url.contains('#') {
        return Err("the url goes on behind the port, and MLLP knows no paths".into());
    }
    Ok(uri)
}

/// A URL as an address that may be called, if it is a private one also without TLS.
///
/// # Errors
/// Why nothing may be sent there.
pub(crate) fn address(url: &str, private: bool) -> Result<Uri, String> {
    let uri = named(url)?;
    let secure = uri.scheme() == Some(&Scheme::HTTPS);
    if !secure && uri.scheme() != Some(&Scheme::HTTP) {
        return Err("the url begins neither with https:// nor with http://".into());
    }
    if !secure && !private {
        return Err("the url is not https. hint: http is for private endpoints only".into());
    }
    Ok(uri)
}

/// A URL that names a host, and nobody who signs in there.
fn named(url: &str) -> Result<Uri, String> {
    // Never the address itself in a text: it may hold a key.
    let uri: Uri = url.parse().map_err(|_| "the url is none".to_owned())?;
    let authority = uri.authority().ok_or("the url names no host. hint: https://host/path")?;
    if authority.as_str().contains('@') {
        return Err("the url holds a user or a password, which are not sent".into());
    }
    Ok(uri)
}

#[cfg(test)]
mod tests;
