use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use broker::Outcome;
use bytes::Bytes;
use hl7v2::mllp::Decoder;
use store::Transaction;
use store::contents::ContentId;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::tests::trial::{Trial, push, why};

/// What a receiver does about a message.
#[derive(Clone, Copy)]
enum Does {
    /// Answers with these segments after MSH; `{id}` stands for the control id.
    Says(&'static str),
    /// The same, and hangs up.
    SaysAndLeaves(&'static str),
    /// Says these very bytes.
    Utters(&'static [u8]),
    HangsUp,
    Nothing,
}

/// The messages that came, each with the number of its connection.
type Heard = Arc<Mutex<Vec<(usize, Vec<u8>)>>>;

/// A receiver on a port of its own, which does to each message what is next, and the last of it
/// again and again.
struct Receiver {
    address: SocketAddr,
    heard: Heard,
}

impl Receiver {
    async fn that(does: &'static [Does]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let heard: Heard = Arc::default();
        let all = Arc::clone(&heard);
        tokio::spawn(async move {
            for connection in 1.. {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(stream, connection, does, Arc::clone(&all)));
            }
        });
        Self { address, heard }
    }

    fn url(&self) -> String {
        format!("mllp://{}", self.address)
    }

    /// On which connections messages came.
    fn connections(&self) -> Vec<usize> {
        self.heard.lock().unwrap().iter().map(|(connection, _)| *connection).collect()
    }
}

async fn serve(mut stream: TcpStream, connection: usize, does: &[Does], all: Heard) {
    let mut decoder = Decoder::new(usize::MAX, 0);
    let mut piece = [0; 4096];
    loop {
        let Ok(bytes @ 1..) = stream.read(&mut piece).await else { return };
        decoder.push(&piece[..bytes]);
        while let Some(message) = decoder.next_message().unwrap() {
            let text = String::from_utf8_lossy(&message).into_owned();
            let id = text.split('|').nth(9).unwrap().to_owned();
            let turn = {
                let mut heard = all.lock().unwrap();
                heard.push((connection, message));
                does[heard.len().min(does.len()) - 1]
            };
            let answer = |segments: &str| {
                let segments = segments.replace("{id}", &id);
                format!("\x0bMSH|^~\\&|GP|B2|LAB|A1|||ACK|9|T|2.5\r{segments}\r\x1c\r").into_bytes()
            };
            match turn {
                Does::Says(segments) => stream.write_all(&answer(segments)).await.unwrap(),
                Does::SaysAndLeaves(segments) => {
                    stream.write_all(&answer(segments)).await.unwrap();
                    return;
                }
                Does::Utters(bytes) => stream.write_all(bytes).await.unwrap(),
                Does::HangsUp => return,
                Does::Nothing => {}
            }
        }
    }
}

fn message(id: &str, rest: &str) -> String {
    format!("MSH|^~\\&|LAB|A1|GP|B2|2026||ADT^A01|{id}|T|2.5{rest}\rPID|1||9999999999\r")
}

async fn carry(trial: &Trial, url: &str, body: &str) -> Outcome {
    let mut one = push("mllp", url);
    one.body = Bytes::from(body.to_owned());
    trial.courier.carry(one).await
}

fn failed(why: &str) -> Outcome {
    Outcome::Failed { why: why.into(), after_s: None }
}

/// A block that does not end.
const LONG: &[u8] = &[0x0b; 70_000];

#[tokio::test]
async fn each_answer_has_its_outcome() {
    let refused = |why: &str| Outcome::Unwanted(why.into());
    let rows: [(&[Does], &str, Outcome); 16] = [
        (&[Does::Says("MSA|AA|{id}")], "", Outcome::Acknowledged),
        (&[Does::Says("MSA|CA|{id}")], "|||AL|NE", Outcome::Acknowledged),
        (&[Does::Says("MSA|CA|{id}")], "|||AL|AL", Outcome::Delivered),
        (&[Does::Says("MSA|AR|{id}|Smith is dead")], "", refused("answered AR")),
        (
            &[Does::Says("MSA|CR|{id}\rERR|||207|E")],
            "",
            refused("answered CR 207, Application internal error"),
        ),
        (&[Does::Says("MSA|AE|{id}|Smith")], "", failed("answered AE")),
        (
            &[Does::Says("MSA|CE|{id}\rERR|||207|E")],
            "",
            failed("answered CE 207, Application internal error"),
        ),
        (
            &[Does::Says("MSA|AE|{id}\rERR|||206|E")],
            "",
            failed("answered AE 206, Application record locked"),
        ),
        (
            &[Does::Says("MSA|AE|{id}\rERR|PID^1^3^204")],
            "",
            refused("answered AE 204, Unknown key identifier"),
        ),
        (
            &[Does::Says("MSA|AA|other")],
            "",
            failed("another message was acknowledged than the one that was sent"),
        ),
        (&[Does::Says("PID|1")], "", failed("what came back acknowledges nothing")),
        (
            &[Does::Utters(b"\x0bhello\x1c\r")],
            "",
            failed("what came back is no message of HL7 version 2"),
        ),
        (&[Does::Utters(LONG)], "", failed("a message has more than 65536 bytes")),
        (&[Does::HangsUp], "", failed("no acknowledgement: the connection was closed")),
        (
            &[Does::Utters(&[b'x'; 5_000])],
            "",
            failed("there are more than 4096 bytes between two messages"),
        ),
        (&[Does::Nothing], "|||NE|NE", Outcome::Acknowledged),
    ];
    for (does, rest, outcome) in rows {
        let (trial, receiver) = (Trial::new(), Receiver::that(does).await);
        let came = carry(&trial, &receiver.url(), &message("7", rest)).await;
        assert_eq!(came, outcome, "{rest}");
        let heard = receiver.heard.lock().unwrap();
        assert_eq!(heard[0].1, message("7", rest).as_bytes(), "byte for byte");
    }
}

#[tokio::test]
async fn one_connection_brings_them_all() {
    let (trial, receiver) = (Trial::new(), Receiver::that(&[Does::Says("MSA|AA|{id}")]).await);
    for id in 0..50 {
        let outcome = carry(&trial, &receiver.url(), &message(&id.to_string(), "")).await;
        assert_eq!(outcome, Outcome::Acknowledged);
    }
    assert_eq!(receiver.connections(), [1; 50]);
}

#[tokio::test]
async fn a_connection_that_came_to_nothing_is_not_used_again() {
    let said = Does::Says("MSA|AA|{id}");
    for (first, connections) in [
        (Does::Says("MSA|AA|other"), [1, 2]),
        (Does::Utters(b"\x0bhello\x1c\r"), [1, 2]),
        (Does::SaysAndLeaves("MSA|AA|{id}"), [1, 2]),
        (Does::Utters(b"\x0bMSH|^~\\&|\rMSA|AA|1\r\x1c\r\x0bMSH|"), [1, 2]),
        (Does::Says("MSA|AR|{id}"), [1, 1]),
    ] {
        let does: &'static [Does] = vec![first, said].leak();
        let (trial, receiver) = (Trial::new(), Receiver::that(does).await);
        carry(&trial, &receiver.url(), &message("1", "")).await;
        // What the receiver does to the connection is seen a moment later.
        tokio::time::sleep(Duration::from_millis(250)).await;
        let outcome = carry(&trial, &receiver.url(), &message("2", "")).await;
        assert_eq!(outcome, Outcome::Acknowledged);
        assert_eq!(receiver.connections(), connections);
    }
}

#[tokio::test]
async fn one_that_is_closed_when_it_is_used_is_made_anew() {
    let does = &[Does::Says("MSA|AA|{id}"), Does::HangsUp, Does::Says("MSA|AA|{id}")];
    let (trial, receiver) = (Trial::new(), Receiver::that(does).await);
    for id in ["1", "2"] {
        let outcome = carry(&trial, &receiver.url(), &message(id, "")).await;
        assert_eq!(outcome, Outcome::Acknowledged);
    }
    assert_eq!(receiver.connections(), [1, 1, 2], "the second was said again at once");
}

#[tokio::test]
async fn an_endpoint_that_moved_is_called_where_it_is_now() {
    let trial = Trial::new();
    for _ in 0..2 {
        let receiver = Receiver::that(&[Does::Says("MSA|AA|{id}")]).await;
        let outcome = carry(&trial, &receiver.url(), &message("1", "")).await;
        assert_eq!((outcome, receiver.connections()), (Outcome::Acknowledged, vec![1]));
    }
}

#[tokio::test]
async fn who_may_be_silent_may_also_speak() {
    let does = &[Does::Says("MSA|CR|{id}"), Does::Nothing, Does::Says("MSA|CA|{id}")];
    let (trial, receiver) = (Trial::new(), Receiver::that(does).await);
    let mut outcomes = Vec::new();
    for id in ["1", "2", "3"] {
        outcomes.push(carry(&trial, &receiver.url(), &message(id, "|||ER|NE")).await);
    }
    let refused = Outcome::Unwanted("answered CR".into());
    assert_eq!(outcomes, [refused, Outcome::Acknowledged, Outcome::Acknowledged]);
    assert_eq!(receiver.connections(), [1, 1, 1]);
}

#[tokio::test]
async fn what_is_no_message_is_not_sent() {
    let (trial, receiver) = (Trial::new(), Receiver::that(&[Does::Says("MSA|AA|{id}")]).await);
    let divided = message("7", "") + "OBX|\x1c\r";
    for body in ["hello", "", "MSH|^~\\&|LAB", &divided] {
        let outcome = carry(&trial, &receiver.url(), body).await;
        assert!(matches!(outcome, Outcome::Refused(why) if why.contains("MSH-10")), "{body}");
    }
    let mut packed = push("mllp", &receiver.url());
    packed.body = message("7", "").into();
    packed.envelope.encoding = "gzip".into();
    let outcome = trial.courier.carry(packed).await;
    assert_eq!(outcome, Outcome::Refused("the body is compressed".into()));
    assert!(receiver.connections().is_empty());
}

#[tokio::test]
async fn a_large_one_is_put_together() {
    let (trial, receiver) = (Trial::new(), Receiver::that(&[Does::Says("MSA|AA|{id}")]).await);
    let body = message("7", "") + &"OBX|1|TX|||and so on and so forth\r".repeat(19_000);
    for (number, encoding, outcome) in [
        (1, "", Outcome::Acknowledged),
        (2, "gzip", Outcome::Refused("the body is too large, or compressed".into())),
    ] {
        let mut one = push("mllp", &receiver.url());
        let id = ContentId(one.message.0 + number);
        let mut writer = trial.store.contents().write(id, 1).unwrap();
        writer.write(body.as_bytes()).unwrap();
        let part = writer.finish(encoding.into()).unwrap();
        trial.store.commit(Transaction::new().begin_content(id, 1).part(part)).await.unwrap();
        (one.content, one.body) = (Some(id), Bytes::new());
        assert_eq!(trial.courier.carry(one).await, outcome);
    }
    let heard = receiver.heard.lock().unwrap();
    assert!(heard.len() == 1 && heard[0].1 == body.as_bytes(), "byte for byte");
}

/// The same rules as for the other wires: the name is looked up, and what it leads to judged.
#[tokio::test]
async fn no_disguise_gets_to_this_machine() {
    let trial = Trial::new();
    let receiver = Receiver::that(&[Does::Says("MSA|AA|{id}")]).await;
    let port = receiver.address.port();
    for host in ["localhost", "127.0.0.1", "0", "2130706433", "[::1]", "[::ffff:127.0.0.1]"] {
        let mut one = push("mllp", &format!("mllps://{host}:{port}"));
        one.body = message("7", "").into();
        one.endpoint.private = false;
        let why = why(trial.courier.carry(one).await);
        assert!(why.starts_with("no connection: the "), "{host}: {why}");
    }
    let mut open = push("mllp", &receiver.url());
    open.endpoint.private = false;
    assert!(why(trial.courier.carry(open).await).contains("not mllps"));
    assert!(receiver.connections().is_empty());
}

#[tokio::test]
async fn one_that_never_answers_is_hung_up_on_by_the_broker() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("mllp://{}", listener.local_addr().unwrap());
    let pushing = async move { carry(&Trial::new(), &url, &message("7", "")).await };
    let pushing = tokio::spawn(pushing);
    let (mut stream, _) = listener.accept().await.unwrap();
    stream.read_exact(&mut [0; 4]).await.unwrap();
    pushing.abort();
    stream.read_to_end(&mut Vec::new()).await.unwrap();
}
