//! Ports for those who have to know theirs before they have it.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicU32, Ordering};

/// From here on no port is given to whoever asks for any, as every client does: not by Linux.
const FIRST: u32 = 12_000;
const PORTS: u32 = 20_000;
/// How far apart the ports of two processes begin: tests run in one each, at the same time.
const OF_A_PROCESS: u32 = 64;

/// A free port that stays free until somebody asks for just this one. In this process nobody is
/// given the next port, or this one again.
///
/// # Panics
/// When there is none.
pub fn free_port() -> u16 {
    static GIVEN: AtomicU32 = AtomicU32::new(0);
    let begin = std::process::id().wrapping_mul(OF_A_PROCESS);
    let any = |_| {
        let given = GIVEN.fetch_add(2, Ordering::Relaxed);
        let port = u16::try_from(FIRST + begin.wrapping_add(given) % PORTS).ok()?;
        TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok().then_some(port)
    };
    (0..PORTS).find_map(any).expect("a port is free")
}
