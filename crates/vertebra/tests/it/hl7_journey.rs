//! From hospital to laboratory: what comes in over MLLP goes out over MLLP, in order, through the
//! end of the house and back.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use testkit::{Exchange, free_port};

use crate::BINARY;
use crate::hl7::{Line, every};

/// How long a test waits for something to arrive before it has failed.
const PATIENCE: Duration = Duration::from_mins(2);
const MANY: usize = 60;

/// The laboratory: it takes every message and says so, when it is well; otherwise it takes it and
/// says nothing.
struct Laboratory {
    port: u16,
    well: Arc<AtomicBool>,
    got: Arc<Mutex<Vec<String>>>,
}

impl Laboratory {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let laboratory = Self { port, well: Arc::default(), got: Arc::default() };
        let (well, got) = (Arc::clone(&laboratory.well), Arc::clone(&laboratory.got));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (well, got) = (Arc::clone(&well), Arc::clone(&got));
                thread::spawn(move || take(stream.unwrap(), &well, &got));
            }
        });
        laboratory
    }

    /// Waits until so many messages came, repeats included.
    fn wait_for(&self, many: usize) {
        let begun = Instant::now();
        while self.got.lock().unwrap().len() < many {
            assert!(begun.elapsed() < PATIENCE, "{:?}", self.got.lock().unwrap());
            thread::sleep(Duration::from_millis(5));
        }
    }
}

fn take(mut stream: TcpStream, well: &AtomicBool, got: &Mutex<Vec<String>>) {
    let (mut heard, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        let Ok(bytes @ 1..) = stream.read(&mut piece) else { return };
        heard.extend_from_slice(&piece[..bytes]);
        while let Some(end) = heard.windows(2).position(|pair| pair == b"\x1c\r") {
            let block: Vec<u8> = heard.drain(..end + 2).collect();
            let message = String::from_utf8(block[1..end].to_vec()).unwrap();
            let id = message.split('|').nth(9).unwrap().to_owned();
            got.lock().unwrap().push(message);
            if well.load(Ordering::SeqCst) {
                let header = "MSH|^~\\&|LIS|Y99902|PAS|Y99901|2026||ACK^A01|9|T|2.5";
                let answer = format!("\u{b}{header}\rMSA|AA|{id}\r\u{1c}\r");
                let _ = stream.write_all(answer.as_bytes());
            }
        }
    }
}

fn directory(laboratory: &Laboratory) -> String {
    let organisations = [("Y99901", "North Hospital"), ("Y99902", "South Laboratory")];
    let organisations = organisations.map(|(code, name)| {
        format!("[[organisation]]\nods = \"{code}\"\nname = \"{name}\"\nkind = \"nhs-trust\"\n")
    });
    let endpoint = format!(
        "[[endpoint]]\nname = \"Y99902\"\norganisation = \"Y99902\"\nwire = \"mllp\"\n\
         url = \"mllp://127.0.0.1:{}\"\nprivate = true\n\
         [[mailbox]]\nid = \"Y99901\"\norganisation = \"Y99901\"\npassword = \"a\"\n\
         shared_key = \"b\"\n",
        laboratory.port
    );
    organisations.concat() + &endpoint
}

fn admission(id: usize) -> String {
    format!("MSH|^~\\&|PAS|Y99901|LIS|Y99902|||ADT^A01|{id}|T|2.5\rPID|1||9999999999\r")
}

#[test]
fn admissions_reach_the_laboratory_in_order_though_the_house_is_killed_between() {
    let laboratory = Laboratory::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("directory.toml");
    std::fs::write(&file, directory(&laboratory)).unwrap();
    let port = free_port();
    let address = format!("127.0.0.1:{port}");
    let file = file.to_str().unwrap();
    let arguments = ["--open", "--mllp-listen", &address, "--apply", file];
    let mut exchange = Exchange::start(BINARY, &arguments);

    // Accepted, and the first of them taken by a laboratory that says nothing.
    let mut line = Line::to(port);
    for id in 0..MANY / 2 {
        assert_eq!(line.say(&admission(id)), "AA");
    }
    laboratory.wait_for(1);
    exchange.kill();
    laboratory.well.store(true, Ordering::SeqCst);
    exchange.resume();
    // The hospital cannot know what was heard of it, and says some again.
    let mut line = Line::to(port);
    for id in MANY / 2 - 5..MANY {
        assert_eq!(line.say(&admission(id)), "AA");
    }
    laboratory.wait_for(MANY / 4);
    exchange.kill();
    exchange.resume();

    let client = exchange.client();
    let begun = Instant::now();
    while every(&client, "state=acknowledged").len() < MANY {
        assert!(begun.elapsed() < PATIENCE, "{:?}", every(&client, "kind=ADT%5EA01"));
        thread::sleep(Duration::from_millis(50));
    }
    let mut got = laboratory.got.lock().unwrap().clone();
    let repeats = got.len() - MANY;
    // A repeat comes right behind the first: nothing went between.
    got.dedup();
    let sent: Vec<String> = (0..MANY).map(admission).collect();
    assert_eq!(got, sent, "each arrived, as it was sent, in order");
    assert!((1..=2).contains(&repeats), "one for each end of the house, not {repeats}");

    let all = every(&client, "kind=ADT%5EA01");
    assert_eq!(all.len(), MANY, "what was said again was not taken again");
    let told = client.get(&format!("/messages/{}", all[0]["id"].as_str().unwrap())).unwrap().json();
    let lines = told["deliveries"][0]["history"].as_array().unwrap();
    assert_eq!(lines.last().unwrap()["state"], "acknowledged", "{told:#}");
    let path = format!("/conversations/{}.txt", told["conversation"].as_str().unwrap());
    let drawn = client.get(&path).unwrap();
    assert_eq!(drawn.status, 200, "{}", drawn.text);
    for word in ["North Hospital", "Message broker", "South Laboratory", "── ADT^A01 ──"] {
        assert!(drawn.text.contains(word), "{word} is missing:\n{}", drawn.text);
    }
    assert!(exchange.stop());
    exchange.check();
}

#[test]
fn an_endpoint_that_is_no_line_is_not_taken_into_the_directory() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("directory.toml");
    for (url, why) in [
        ("mllp://lab.example:2575", "not mllps"),
        ("mllps://lab.example", "no port"),
        ("https://lab.example:2575", "neither"),
    ] {
        let endpoint = format!("[[endpoint]]\nname = \"LAB\"\nwire = \"mllp\"\nurl = \"{url}\"\n");
        std::fs::write(&file, endpoint).unwrap();
        let output = std::process::Command::new(BINARY)
            .args(["serve", "--listen", "127.0.0.1:0", "--apply"])
            .arg(&file)
            .arg("--data")
            .arg(folder.path().join("data"))
            .output()
            .unwrap();
        assert!(!output.status.success(), "{url}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains(why), "{url}: {said}");
    }
}
