//! An exchange made of answers that were thought of before, for tests of what calls one.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use base::Secret;

use crate::client::{Client, Identity, Mailbox, trust};

/// A request that was made.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// Method and path.
    pub(crate) line: String,
    /// Names in lower case.
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    }
}

/// An answer: status, headers and body.
pub(crate) type Planned = (u16, Vec<(&'static str, &'static str)>, &'static [u8]);

/// An exchange that gives planned answers in turn, and notes what it was asked.
pub(crate) struct Post {
    address: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Post {
    /// One that answers like this.
    pub(crate) fn answering(plan: Vec<Planned>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::<Mutex<Vec<Asked>>>::default();
        let noted = asked.clone();
        std::thread::spawn(move || {
            for planned in plan {
                let Ok((stream, _)) = listener.accept() else { return };
                let request = take(&stream);
                noted.lock().unwrap().push(request);
                give(&stream, &planned);
            }
        });
        Self { address, asked }
    }

    /// What it was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// A mailbox there.
    pub(crate) fn mailbox(&self) -> Mailbox {
        let identity = Identity {
            mailbox: "TEST1".into(),
            password: Secret::new("password".into()),
            shared_key: Secret::new("TestKey".into()),
        };
        let tls = trust::settings(false, None, None).unwrap();
        Mailbox::new(Client::new(&self.address, tls).unwrap(), identity)
    }
}

fn take(stream: &TcpStream) -> Asked {
    let mut reader = BufReader::new(stream);
    let mut next = || {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    };
    let line = next().trim_end_matches(" HTTP/1.1").to_owned();
    let mut headers = Vec::new();
    loop {
        let header = next();
        let Some((name, value)) = header.split_once(": ") else { break };
        headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let mut asked = Asked { line, headers, body: Vec::new() };
    if asked.header("expect") == "100-continue" {
        (&mut &*stream).write_all(b"HTTP/1.1 100 Continue\r\n\r\n").unwrap();
    }
    if asked.header("transfer-encoding") == "chunked" {
        loop {
            let mut size = String::new();
            reader.read_line(&mut size).unwrap();
            let size = usize::from_str_radix(size.trim(), 16).unwrap();
            let mut chunk = vec![0; size + 2];
            reader.read_exact(&mut chunk).unwrap();
            asked.body.extend_from_slice(&chunk[..size]);
            if size == 0 {
                break;
            }
        }
    } else {
        let length = asked.header("content-length").parse().unwrap_or(0);
        asked.body.resize(length, 0);
        reader.read_exact(&mut asked.body).unwrap();
    }
    asked
}

fn give(mut stream: &TcpStream, (status, headers, body): &Planned) {
    write!(stream, "HTTP/1.1 {status} Planned\r\nConnection: close\r\n").unwrap();
    if !headers.iter().any(|(name, _)| *name == "Content-Length") {
        write!(stream, "Content-Length: {}\r\n", body.len()).unwrap();
    }
    for (name, value) in headers {
        write!(stream, "{name}: {value}\r\n").unwrap();
    }
    stream.write_all(b"\r\n").unwrap();
    stream.write_all(body).unwrap();
}
