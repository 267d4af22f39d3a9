//! HTTP/1.1 by hand: it sends what it likes, whether it makes sense or not.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

/// What came back, up to the end of its headers.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) status: u16,
    headers: String,
}

impl Head {
    /// A header by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.headers.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(crate) fn length(&self) -> usize {
        self.header("content-length").unwrap().parse().unwrap()
    }
}

/// A connection, plain or not.
pub(crate) struct Client<S = TcpStream> {
    pub(crate) stream: S,
}

impl Client {
    pub(crate) fn connect(address: SocketAddr) -> Self {
        Self { stream: TcpStream::connect(address).unwrap() }
    }
}

impl<S: Read + Write> Client<S> {
    /// Sends the head of a request with credentials, and these header lines.
    pub(crate) fn ask(&mut self, method: &str, path: &str, headers: &[&str]) {
        let mut lines = vec![format!("{method} /post{path} HTTP/1.1")];
        lines.extend(["Host: x", "Authorization: Box open"].map(str::to_owned));
        lines.extend(headers.iter().map(|&line| line.to_owned()));
        self.send(format!("{}\r\n\r\n", lines.join("\r\n")).as_bytes());
    }

    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
    }

    /// Sends a chunk of a body without a length; an empty one is the last.
    pub(crate) fn send_chunk(&mut self, bytes: &[u8]) {
        self.send(format!("{:x}\r\n", bytes.len()).as_bytes());
        self.send(bytes);
        self.send(b"\r\n");
    }

    /// Reads up to the end of the headers, byte by byte so that nothing of the body is lost.
    pub(crate) fn head(&mut self) -> Head {
        let mut text = Vec::new();
        while !text.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            self.stream.read_exact(&mut byte).unwrap();
            text.extend(byte);
        }
        let text = String::from_utf8(text).unwrap();
        let (line, headers) = text.split_once("\r\n").unwrap();
        let status = line.split(' ').nth(1).unwrap().parse().unwrap();
        Head { status, headers: headers.to_owned() }
    }

    /// Reads a whole answer that has a length.
    pub(crate) fn answer(&mut self) -> (u16, String) {
        let head = self.head();
        let mut body = vec![0; head.length()];
        self.stream.read_exact(&mut body).unwrap();
        (head.status, String::from_utf8(body).unwrap())
    }

    /// Reads until the other side hangs up; how many bytes that were.
    pub(crate) fn rest(&mut self) -> usize {
        let mut buffer = vec![0; 1 << 20];
        let mut all = 0;
        loop {
            match self.stream.read(&mut buffer) {
                Ok(0) | Err(_) => return all,
                Ok(read) => all += read,
            }
        }
    }
}
