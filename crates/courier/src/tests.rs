//! Whole attempts, at receivers that behave and at others that do not.

pub(crate) mod trial;

use std::sync::Arc;

use broker::Outcome;
use bytes::Bytes;
use rcgen::{CertificateParams, KeyPair};
use rustls::RootCertStore;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::PrivateKeyDer;
use store::Transaction;
use store::contents::{ContentId, WrittenPart};
use store::messages::MessageId;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::Trust;
use crate::tests::trial::{NOW, Receiver, SECRET, Trial, push, why};

const WELL: &str = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

#[tokio::test]
async fn a_webhook_arrives_signed_by_every_secret() {
    let (trial, receiver) = (Trial::new(), Receiver::answering(WELL));
    let mut one = push("webhook", &receiver.url());
    let other = SECRET.replace("AAEC", "BBEC");
    one.endpoint.secrets.push(base::Secret::new(other));
    assert_eq!(trial.courier.carry(one).await, Outcome::Delivered);
    let seen = receiver.seen().remove(0);
    assert!(seen.head.starts_with("POST /in?key=secret HTTP/1.1"), "{}", seen.head);
    assert_eq!(seen.header("content-type"), "application/json");
    assert_eq!(seen.header("user-agent"), concat!("vertebra/", env!("CARGO_PKG_VERSION")));
    assert!(seen.header("webhook-id").ends_with("-1"));
    let seconds = NOW.parse::<jiff::Timestamp>().unwrap().as_second();
    assert_eq!(seen.header("webhook-timestamp"), seconds.to_string());
    let signatures: Vec<&str> = seen.header("webhook-signature").split(' ').collect();
    assert_eq!(signatures.len(), 2);
    assert!(signatures.iter().all(|one| one.starts_with("v1,")) && signatures[0] != signatures[1]);
    let body: serde_json::Value = serde_json::from_slice(&seen.body).unwrap();
    assert_eq!((&body["type"], &body["data"]["body"]), (&"LETTER".into(), &"hello".into()));
}

#[tokio::test]
async fn a_plain_body_arrives_as_it_is() {
    let (trial, receiver) = (Trial::new(), Receiver::answering(WELL));
    assert_eq!(trial.carry("plain", &receiver.url()).await, Outcome::Delivered);
    let seen = receiver.seen().remove(0);
    assert_eq!((seen.body.as_slice(), seen.header("content-type")), (&b"hello"[..], "text/plain"));
    let message = broker::write_id(push("plain", "").message);
    let told = [
        ("message-id", message.as_str()),
        ("message-delivery", "1"),
        ("message-attempt", "2"),
        ("message-type", "LETTER"),
        ("message-from", "ALPHA"),
        ("message-to", "BETA"),
        ("message-local-id", "mine-1"),
        ("conversation-id", message.as_str()),
        ("in-reply-to", ""),
        ("content-encoding", ""),
        ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
    ];
    for (name, value) in told {
        assert_eq!(seen.header(name), value, "{name}");
    }
}

#[tokio::test]
async fn what_cannot_stand_in_a_header_is_left_out() {
    let (trial, receiver) = (Trial::new(), Receiver::answering(WELL));
    let mut one = push("plain", &receiver.url());
    one.envelope.from = "ALPHA\r\nEvil: yes".into();
    one.envelope.media_type = "text/plain\nx".into();
    assert_eq!(trial.courier.carry(one).await, Outcome::Delivered);
    let seen = receiver.seen().remove(0);
    assert_eq!((seen.header("evil"), seen.header("message-from")), ("", ""));
}

fn part(trial: &Trial, id: ContentId, number: u32, bytes: &[u8]) -> WrittenPart {
    let mut writer = trial.store.contents().write(id, number).unwrap();
    writer.write(bytes).unwrap();
    writer.finish("gzip".into()).unwrap()
}

#[tokio::test]
async fn a_large_body_is_streamed_from_its_parts() {
    let (trial, receiver) = (Trial::new(), Receiver::answering(WELL));
    let mut one = push("plain", &receiver.url());
    let id = ContentId(one.message.0);
    let parts = [vec![b'a'; 700_000], vec![b'b'; 3], vec![b'c'; 300_000]];
    let begun = Transaction::new().begin_content(id, 3);
    let all = parts
        .iter()
        .zip(1..)
        .fold(begun, |all, (bytes, number)| all.part(part(&trial, id, number, bytes)));
    trial.store.commit(all).await.unwrap();
    (one.content, one.body) = (Some(id), Bytes::new());
    assert_eq!(trial.courier.carry(one).await, Outcome::Delivered);
    let seen = receiver.seen().remove(0);
    assert!(seen.body == parts.concat(), "{} bytes arrived", seen.body.len());
    assert_eq!(seen.header("content-length"), "1000003");
    assert_eq!(seen.header("content-encoding"), "gzip");
}

#[tokio::test]
async fn a_large_body_that_is_gone_is_a_failure() {
    let trial = Trial::new();
    let mut one = push("plain", "http://127.0.0.1:9/");
    one.content = Some(ContentId(MessageId(1 << 20).0));
    assert!(why(trial.courier.carry(one).await).contains("not there any more"));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (trial, elsewhere) = (Trial::new(), Receiver::answering(WELL));
    let answer =
        format!("HTTP/1.1 307 T\r\nlocation: {}\r\ncontent-length: 0\r\n\r\n", elsewhere.url());
    let outcome = trial.answered(answer.leak()).await;
    assert!(matches!(outcome, Outcome::Refused(why) if why.contains("redirect")));
    assert!(elsewhere.seen().is_empty());
}

#[tokio::test]
async fn a_receiver_may_say_when_to_come_back() {
    let trial = Trial::new();
    let busy = "HTTP/1.1 503 Busy\r\nretry-after: 90\r\ncontent-length: 0\r\n\r\n";
    let outcome = trial.answered(busy).await;
    let why = "answered 503 Service Unavailable".to_owned();
    assert_eq!(outcome, Outcome::Failed { why, after_s: Some(90) });
}

#[tokio::test]
async fn the_status_counts_whatever_becomes_of_the_body() {
    let trial = Trial::new();
    let lying = "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nshort";
    assert_eq!(trial.answered(lying).await, Outcome::Delivered);
    let huge =
        format!("HTTP/1.1 200 OK\r\ncontent-length: 9999999\r\n\r\n{}", "x".repeat(9_999_999));
    assert_eq!(trial.answered(huge.leak()).await, Outcome::Delivered);
}

#[tokio::test]
async fn what_is_no_answer_is_a_failure() {
    let trial = Trial::new();
    assert!(why(trial.answered("SSH-2.0-OpenSSH_9\r\n").await).contains("no HTTP"));
    assert!(why(trial.answered("").await).contains("closed before the answer"));
    let heads = format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "x".repeat(200_000));
    assert!(why(trial.answered(heads.leak()).await).contains("no whole answer"));
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    assert_eq!(
        why(trial.carry("plain", &format!("http://{free}/?key=secret")).await),
        "no connection: connection refused"
    );
}

#[tokio::test]
async fn connections_are_used_again() {
    let kept = "HTTP/1.1 200 OK\r\nconnection: keep-alive\r\ncontent-length: 0\r\n\r\n";
    let (trial, receiver) = (Trial::new(), Receiver::answering(kept));
    for round in 1..=20 {
        assert_eq!(trial.carry("plain", &receiver.url()).await, Outcome::Delivered, "{round}");
    }
    let connections = receiver.seen().iter().map(|seen| seen.connection).max();
    assert!(connections < Some(20), "{connections:?} connections for 20 pushes");
}

/// An endpoint that is not private is refused at every disguise of this machine, before anything
/// is sent. The port is one where somebody listens.
#[tokio::test]
async fn no_disguise_gets_to_this_machine() {
    let trial = Trial::new();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let disguises = [
        "localhost",
        "LOCALHOST",
        "localhost.",
        "127.0.0.1",
        "127.1",
        "0x7f.1",
        "0x7f000001",
        "2130706433",
        "0177.0.0.1",
        "0",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "169.254.169.254",
    ];
    for host in disguises {
        let mut one = push("plain", &format!("https://{host}:{port}/"));
        one.endpoint.private = false;
        let why = why(trial.courier.carry(one).await);
        assert!(why.starts_with("no connection"), "{host}: {why}");
    }
    let nobody_came = std::future::poll_fn(|context| {
        std::task::Poll::Ready(listener.poll_accept(context).is_pending())
    });
    assert!(nobody_came.await, "somebody connected");
}

#[tokio::test]
async fn a_document_is_fetched_whole_or_not_at_all() {
    let trial = Trial::new();
    let good = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nkeys";
    let moved = "HTTP/1.1 302 T\r\nlocation: http://127.0.0.1:9/\r\ncontent-length: 0\r\n\r\n";
    let short = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nkeys";
    for (answer, bytes_max, got) in [
        (good, 4, Ok("keys")),
        (good, 3, Err("no whole document of 3 bytes at most came")),
        (short, 9, Err("no whole document of 9 bytes at most came")),
        (moved, 4, Err("answered 302")),
    ] {
        let server = Receiver::answering(answer);
        let fetched = trial.courier.fetch(&server.url(), true, bytes_max).await;
        assert_eq!(fetched, got.map(Into::into).map_err(str::to_owned));
    }
    let server = Receiver::answering(good);
    let error = trial.courier.fetch(&server.url(), false, 4).await.unwrap_err();
    assert!(error.contains("not https"), "{error}");
    let disguised = server.url().replace("http://127.0.0.1", "https://localhost");
    let error = trial.courier.fetch(&disguised, false, 4).await.unwrap_err();
    assert!(error.starts_with("no connection"), "{error}");
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn an_endpoint_that_is_set_up_wrongly_can_be_put_right() {
    let trial = Trial::new();
    let mut open = push("plain", "http://hooks.example/");
    open.endpoint.private = false;
    assert!(why(trial.courier.carry(open).await).contains("not https"));
    let mut unsigned = push("webhook", "http://127.0.0.1:9/");
    unsigned.endpoint.secrets.clear();
    assert!(why(trial.courier.carry(unsigned).await).contains("no secret"));
}

/// A receiver that speaks TLS, with a certificate for these names. Whom to trust, and its port.
pub(crate) async fn secure(names: &[&str]) -> (RootCertStore, u16) {
    let key = KeyPair::generate().unwrap();
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    let certificate = CertificateParams::new(names).unwrap().self_signed(&key).unwrap();
    let mut trusted = RootCertStore::empty();
    trusted.add(certificate.der().clone()).unwrap();
    let config = rustls::ServerConfig::builder_with_provider(aws_lc_rs::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut block = [0; 4096];
            let _ = stream.read(&mut block).await;
            let _ = stream.write_all(WELL.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    (trusted, port)
}

#[tokio::test]
async fn over_tls_only_whom_it_believes() {
    let (trusted, port) = secure(&["localhost"]).await;
    let trial = Trial::trusting(&Trust::These(trusted));
    let well = trial.carry("plain", &format!("https://localhost:{port}/")).await;
    assert_eq!(well, Outcome::Delivered);
    let other_name = why(trial.carry("plain", &format!("https://127.0.0.1:{port}/")).await);
    assert!(other_name.contains("TLS"), "{other_name}");
    let stranger = why(Trial::new().carry("plain", &format!("https://localhost:{port}/")).await);
    assert!(stranger.contains("TLS"), "{stranger}");
}

#[tokio::test]
async fn one_that_never_answers_is_broken_off_by_the_broker() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let pushing = tokio::spawn(async move { Trial::new().carry("plain", &url).await });
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut block = [0; 4];
    stream.read_exact(&mut block).await.unwrap();
    pushing.abort();
    // What the broker drops is hung up on, so that no receiver waits for the rest.
    stream.read_to_end(&mut Vec::new()).await.unwrap();
}
