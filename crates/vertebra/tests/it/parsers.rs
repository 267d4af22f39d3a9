//! What reads text from the network is given made-up and changed inputs, from fixed seeds: it never
//! falls over, and nothing that was changed proves anything. `fuzz/` has the same doors for a
//! fuzzer.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use base::Dice;
use security::signing::PrivateKey;
use security::{Jws, KeySet};
use serde_json::json;

/// How long each door is tried, whatever the machine.
const TRIED: Duration = Duration::from_secs(2);
/// The most bytes that an input begins with.
const BYTES_MAX: u64 = 200;
/// Pieces that parsers trip over.
const PIECES: [&[u8]; 16] = [
    b".",
    b"..",
    b":",
    b"&",
    b"=",
    b"%",
    b"%00",
    b"%F",
    b"\"",
    b"{",
    b"[[[[",
    b"\\u0000",
    b"e999",
    b"-0",
    b"\xc3\x28",
    b"=====",
];

/// The inputs that a fuzzer would begin with.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds").join(target);
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let seeds: Vec<Vec<u8>> = files.map(|path| fs::read(path).unwrap()).collect();
    assert!(!seeds.is_empty(), "{target} has seeds");
    seeds
}

/// An input: a seed that was changed a little or a lot, or something made up.
fn input(seeds: &[Vec<u8>], dice: &Dice) -> Vec<u8> {
    let below = |most: usize| (dice.bits() % most.max(1) as u64) as usize;
    let mut bytes = match dice.bits() % 8 {
        0 => {
            let mut made = vec![0; (dice.bits() % BYTES_MAX) as usize];
            dice.fill(&mut made);
            made
        }
        _ => seeds[below(seeds.len())].clone(),
    };
    for _ in 0..=below(4) {
        let at = below(bytes.len() + 1);
        match dice.bits() % 6 {
            0 if at < bytes.len() => bytes[at] ^= 1 << below(8),
            1 if at < bytes.len() => drop(bytes.remove(at)),
            2 => bytes.truncate(at),
            3 => drop(bytes.splice(at..at, PIECES[below(PIECES.len())].iter().copied())),
            4 => {
                let again = bytes[at..].to_vec();
                bytes.extend(again);
            }
            _ => bytes.insert(at, dice.bits() as u8),
        }
    }
    bytes
}

/// Tries a door for a while. How many inputs it took, and how many of them it understood.
fn try_out(target: &str, door: impl Fn(&[u8]) -> bool) -> (u64, u64) {
    let (seeds, dice) = (seeds(target), Dice::seeded(26));
    let good = seeds.iter().filter(|seed| door(seed)).count();
    assert!(good > 0, "{target}: a seed is understood");
    let (mut tried, mut understood) = (0, 0);
    let began = Instant::now();
    while began.elapsed() < TRIED {
        tried += 1;
        understood += u64::from(door(&input(&seeds, &dice)));
    }
    assert!(understood < tried, "{target}: not everything is understood");
    (tried, understood)
}

#[test]
fn no_text_makes_a_parser_fall_over() {
    let text =
        |bytes: &[u8], read: &dyn Fn(&str) -> bool| std::str::from_utf8(bytes).is_ok_and(read);
    let jws = |token: &str| {
        Jws::parse(token).is_ok_and(|jws| {
            let _ = (jws.text("iss"), jws.instant_s("exp"), jws.names("aud", |_| false));
            true
        })
    };
    for (target, (tried, understood)) in [
        ("jws", try_out("jws", |bytes| text(bytes, &jws))),
        ("jwks", try_out("jwks", |bytes| KeySet::parse(bytes).is_ok())),
        ("mailbox_token", try_out("mailbox_token", |bytes| text(bytes, &mesh::is_token))),
        ("form", try_out("form", |bytes| service::Form::parse(bytes).is_ok())),
    ] {
        println!("{target}: {tried} inputs, {understood} understood");
    }
}

/// A good token that was changed in any way proves nothing.
#[test]
fn nothing_that_was_changed_proves_anything() {
    let key = PrivateKey::p384().unwrap();
    let keys = json!({ "keys": [key.jwk("one")] }).to_string();
    let keys = KeySet::parse(keys.as_bytes()).unwrap();
    let header = json!({ "alg": "ES384", "typ": "JWT", "kid": "one" });
    let good = key.sign(key.algorithm(), &header, &json!({ "iss": "app", "exp": 1 })).unwrap();
    let proved = |token: &str| {
        let allowed = [key.algorithm()];
        Jws::parse(token).is_ok_and(|jws| keys.verify(&jws, &allowed).is_ok())
    };
    assert!(proved(&good));
    let (seeds, dice) = ([good.clone().into_bytes()], Dice::seeded(62));
    let began = Instant::now();
    while began.elapsed() < TRIED {
        let changed = input(&seeds, &dice);
        if let Ok(text) = std::str::from_utf8(&changed) {
            assert!(text == good || !proved(text), "{text}");
        }
    }
}
