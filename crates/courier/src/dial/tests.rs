use std::net::SocketAddr;

use tokio::net::TcpListener;

use super::dial;
use crate::trouble::Trouble;

/// What comes of dialling a host on a port where this machine listens.
async fn dialled(host: &str, private: bool) -> Result<SocketAddr, Trouble> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let uri = format!("http://{host}:{port}/").parse().unwrap();
    match dial(&uri, private).await {
        Ok(stream) => Ok(stream.peer_addr().unwrap()),
        Err(error) => Err(*error.downcast::<Trouble>().unwrap()),
    }
}

#[tokio::test]
async fn what_a_name_leads_to_is_judged_and_not_the_name() {
    let of_this_machine = [
        "localhost",
        "LOCALHOST",
        "127.0.0.1",
        "127.1",
        "0x7f.1",
        "0x7f000001",
        "2130706433",
        "0177.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "0.0.0.0",
        "[::]",
        "[64:ff9b::7f00:1]",
        "169.254.169.254",
    ];
    for host in of_this_machine {
        assert_eq!(dialled(host, false).await, Err(Trouble::NotPublic), "{host}");
    }
}

#[tokio::test]
async fn a_private_endpoint_may_be_called_by_any_of_its_names() {
    for host in ["127.0.0.1", "0x7f.1", "[::ffff:127.0.0.1]"] {
        assert!(dialled(host, true).await.unwrap().ip().to_canonical().is_loopback(), "{host}");
    }
}

#[tokio::test]
async fn a_name_that_is_none_leads_nowhere() {
    assert_eq!(dialled("no-such-name.invalid", false).await, Err(Trouble::NoAddress));
}
