//! MLLP at a real socket, with callers who are slow, loud, many, or gone. Where a test waits for a
//! limit of time, the time is not the world's: it leaps when nobody has anything to do.

use std::net::SocketAddr;
use std::time::Duration;

use base::limit::{
    HEADER_READ_S_MAX, HL7V2_BYTES_MAX, MLLP_BETWEEN_BYTES_MAX, MLLP_CONNECTIONS_MAX,
    MLLP_IDLE_S_MAX, MLLP_LARGE_AT_ONCE_MAX, MLLP_MESSAGE_S_MAX, MLLP_SMALL_BYTES_MAX,
};
use hl7v2::mllp::Decoder;
use security::{Gate, Tokens};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};
use transport::Tls;

use crate::mllp::{all, serve};

async fn open() -> (SocketAddr, transport::Stop) {
    serve(Gate::open(Tokens::default()), None).await
}

async fn connect(address: SocketAddr) -> TcpStream {
    TcpStream::connect(address).await.unwrap()
}

/// Says something, and whether it is answered.
async fn is_answered(stream: &mut TcpStream) -> bool {
    let mut heard = [0; 11];
    let said = stream.write_all(b"\x0bone\x1c\r").await;
    said.is_ok() && stream.read_exact(&mut heard).await.is_ok() && &heard == b"\x0bopen one\x1c\r"
}

/// How many seconds go by until it is hung up on, a piece being said every so many seconds.
async fn hung_up_on_after(stream: TcpStream, piece: &'static [u8], every_s: u64) -> u64 {
    let begun = Instant::now();
    let (mut reading, mut writing) = stream.into_split();
    let speaking = tokio::spawn(async move {
        while writing.write_all(piece).await.is_ok() {
            sleep(Duration::from_secs(every_s)).await;
        }
    });
    assert_eq!(all(&mut reading).await, b"", "nothing is answered");
    speaking.abort();
    begun.elapsed().as_secs()
}

#[tokio::test(start_paused = true)]
async fn who_never_ends_a_message_has_a_minute() {
    let (address, _stop) = open().await;
    let mut slow = connect(address).await;
    slow.write_all(b"\x0bMSH|").await.unwrap();
    let mut other = connect(address).await;
    let (seconds, well) =
        tokio::join!(hung_up_on_after(slow, b"x", 3), async { is_answered(&mut other).await });
    assert!(well, "nobody else waits for it");
    assert!((MLLP_MESSAGE_S_MAX - 3..=MLLP_MESSAGE_S_MAX + 3).contains(&seconds), "{seconds} s");
}

#[tokio::test(start_paused = true)]
async fn who_says_nothing_or_nothing_of_substance_has_a_quarter_of_an_hour() {
    let (address, _stop) = open().await;
    for (piece, every_s) in [(&b""[..], 3_600), (&b"\r\n"[..], 20)] {
        let seconds = hung_up_on_after(connect(address).await, piece, every_s).await;
        let wanted = MLLP_IDLE_S_MAX - 20..=MLLP_IDLE_S_MAX + 20;
        assert!(wanted.contains(&seconds), "{seconds} s with {piece:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_does_not_agree_on_tls_has_ten_seconds() {
    let own = Tls::self_signed(&["127.0.0.1"]).unwrap();
    let papers = transport::Papers {
        certificates: own.certificate.clone().into(),
        key: own.key.clone().into(),
        authorities: own.authority.clone().into(),
        revoked: Vec::new(),
    };
    let (address, _stop) =
        serve(Gate::closed(Tokens::default()), Some(Tls::new(&papers).unwrap())).await;
    let mut stream = connect(address).await;
    // The beginning of a record that a greeting could be in.
    stream.write_all(b"\x16\x03\x01\x02\x00").await.unwrap();
    let seconds = hung_up_on_after(stream, b"\x01", 3).await;
    assert!((HEADER_READ_S_MAX - 3..=HEADER_READ_S_MAX + 3).contains(&seconds), "{seconds} s");
}

/// More than fits into what lies between both ends is said, and none of the answers is read.
#[tokio::test(start_paused = true)]
async fn who_reads_no_answers_is_not_asked_what_else_they_have() {
    let (address, _stop) = open().await;
    let mut stream = connect(address).await;
    let (begun, mut said) = (Instant::now(), 0);
    let block = b"\x0b0123456789012345678901234567890\x1c\r".repeat(1_000);
    while stream.write_all(&block).await.is_ok() {
        said += block.len();
        assert!(said < 64 * 1024 * 1024, "so much was taken without an answer being read");
    }
    let seconds = begun.elapsed().as_secs();
    assert!((MLLP_MESSAGE_S_MAX..=MLLP_MESSAGE_S_MAX + 3).contains(&seconds), "{seconds} s");
}

#[tokio::test]
async fn ten_thousand_on_one_connection_are_answered_in_order() {
    const MANY: usize = 10_000;
    let (address, _stop) = open().await;
    let (mut reading, mut writing) = connect(address).await.into_split();
    tokio::spawn(async move {
        for number in 0..MANY {
            // Rubbish between two messages is passed over.
            let block = format!("\r\n\x0bnumber {number}\x1c\r");
            writing.write_all(block.as_bytes()).await.unwrap();
        }
        writing.shutdown().await.unwrap();
    });
    let heard = all(&mut reading).await;
    let mut decoder = Decoder::new(100, 0);
    decoder.push(&heard);
    for number in 0..MANY {
        let answer = decoder.next_message().unwrap().unwrap();
        assert_eq!(String::from_utf8(answer).unwrap(), format!("open number {number}"));
    }
    assert_eq!(decoder.next_message(), Ok(None), "and no more");
}

#[tokio::test]
async fn a_block_over_the_limit_is_cut_and_one_at_the_limit_is_not() {
    let (address, _stop) = open().await;
    for (bytes, taken) in [(HL7V2_BYTES_MAX, true), (HL7V2_BYTES_MAX + 1, false)] {
        let mut stream = connect(address).await;
        let block = [b"\x0b".to_vec(), vec![b'x'; bytes], b"\x1c\r".to_vec()].concat();
        let (mut reading, mut writing) = stream.split();
        let speaking = async {
            // Who is hung up on cannot say all of it.
            let _ = writing.write_all(&block).await;
            let _ = writing.shutdown().await;
        };
        let (heard, ()) = tokio::join!(all(&mut reading), speaking);
        assert_eq!(!heard.is_empty(), taken, "{bytes} bytes");
    }
}

#[tokio::test]
async fn rubbish_before_a_message_is_passed_over_up_to_a_limit() {
    let (address, _stop) = open().await;
    for (bytes, taken) in [(MLLP_BETWEEN_BYTES_MAX, true), (MLLP_BETWEEN_BYTES_MAX + 1, false)] {
        let mut stream = connect(address).await;
        let _ = stream.write_all(&vec![b'\n'; bytes]).await;
        assert_eq!(is_answered(&mut stream).await, taken, "{bytes} bytes");
    }
}

#[tokio::test]
async fn half_a_message_is_never_answered() {
    let (address, _stop) = open().await;
    for half in [&b"\x0bone"[..], b"\x0bone\x1c", b"\x0bone\r", b"one\x1c\r", b"\x0bone\x1c\n"] {
        let mut stream = connect(address).await;
        stream.write_all(half).await.unwrap();
        stream.shutdown().await.unwrap();
        assert_eq!(all(&mut stream).await, b"", "{half:?}");
    }
}

#[tokio::test]
async fn one_connection_too_many_is_hung_up_on_until_another_closes() {
    let (address, _stop) = open().await;
    let mut held = Vec::new();
    for _ in 0..MLLP_CONNECTIONS_MAX {
        let mut stream = connect(address).await;
        assert!(is_answered(&mut stream).await, "after {}", held.len());
        held.push(stream);
    }
    assert!(!is_answered(&mut connect(address).await).await, "one too many");
    assert!(is_answered(&mut held[0]).await, "who was there before is served on");
    drop(held.pop());
    let mut tries = 0;
    while !is_answered(&mut connect(address).await).await {
        tries += 1;
        assert!(tries < 500, "the place of one that closed is free again");
        sleep(Duration::from_millis(10)).await;
    }
}

/// Those who fill the places for large messages and never end them keep no small one out, and no
/// large one for longer than a message may take.
#[tokio::test(start_paused = true)]
async fn large_messages_that_never_end_keep_nobody_out() {
    let (address, _stop) = open().await;
    let large = [b"\x0b".to_vec(), vec![b'x'; 2 * MLLP_SMALL_BYTES_MAX]].concat();
    let mut held = Vec::new();
    for _ in 0..MLLP_LARGE_AT_ONCE_MAX {
        let mut stream = connect(address).await;
        stream.write_all(&large).await.unwrap();
        held.push(stream);
    }
    sleep(Duration::from_secs(1)).await;
    assert!(is_answered(&mut connect(address).await).await, "a small one");
    let mut waiting = connect(address).await;
    waiting.write_all(&large).await.unwrap();
    waiting.write_all(b"\x1c\r").await.unwrap();
    let mut heard = [0; 26];
    waiting.read_exact(&mut heard).await.unwrap();
    assert!(heard.starts_with(b"\x0bopen xxx"), "a large one");
}
