use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, SerialNumber};

use super::*;
use crate::{Gate, Refusal, Tokens};

fn der(names: &[&str], serial: u8) -> Vec<u8> {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::OrganizationName, "Somewhere");
    for name in names {
        params.distinguished_name.push(DnType::CommonName, *name);
    }
    params.serial_number = Some(SerialNumber::from(vec![serial, 0xab]));
    params.self_signed(&KeyPair::generate().unwrap()).unwrap().der().to_vec()
}

fn row(client: &str) -> Certified {
    Certified { client: client.into(), organisation: "A1".into(), ..Certified::default() }
}

#[test]
fn a_certificate_says_whom_it_is_of() {
    let der = der(&["ward.example"], 0x12);
    let read = Certificate::read(&der).unwrap();
    assert_eq!((read.common_name.as_str(), read.serial.as_str()), ("ward.example", "12ab"));
    assert_eq!(read.fingerprint, <[u8; 32]>::from(Sha256::digest(&der)));
    assert_eq!(Certificate::read(&self::der(&[], 1)).unwrap().common_name, "");
    for broken in [&b""[..], b"no certificate", &der[..der.len() - 1]] {
        assert_eq!(Certificate::read(broken), None);
    }
}

#[test]
fn a_certificate_stands_for_the_system_that_the_directory_names() {
    let gate = Gate::closed(Tokens::default());
    let shown = Certificate::read(&der(&["ward"], 1)).unwrap();
    let other = Certificate::read(&der(&["ward"], 2)).unwrap();
    let client = |shown| gate.admit_certificate(Some(shown)).map(|caller| caller.client);
    assert_eq!(gate.admit_certificate(None), Err(Refusal::Missing));
    assert_eq!(client(&shown), Err(Refusal::Invalid));

    let by_name = Certified { common_name: Some("ward".into()), ..row("by-name") };
    let exact = Certified { fingerprint: Some(shown.fingerprint), ..row("exact") };
    gate.clone().know_certificates(vec![by_name.clone(), exact.clone()]);
    assert_eq!(client(&shown), Ok("exact".into()));
    assert_eq!(client(&other), Ok("by-name".into()));
    let caller = gate.admit_certificate(Some(&shown)).unwrap();
    assert_eq!((caller.mode, caller.organisation.as_str()), (Mode::System, "A1"));

    // Revoked by the directory, its name does not help it.
    gate.know_certificates(vec![by_name, Certified { revoked: true, ..exact }]);
    assert_eq!(client(&shown), Err(Refusal::Invalid));
    assert_eq!(client(&other), Ok("by-name".into()));
}

#[test]
fn who_has_no_name_is_not_known_by_it() {
    let gate = Gate::closed(Tokens::default());
    gate.know_certificates(vec![Certified { common_name: Some(String::new()), ..row("nobody") }]);
    let nameless = Certificate::read(&der(&[], 1)).unwrap();
    assert_eq!(gate.admit_certificate(Some(&nameless)), Err(Refusal::Invalid));
}

#[test]
fn an_open_door_asks_for_none_and_still_knows_a_bad_one() {
    let gate = Gate::open(Tokens::default());
    let caller = gate.admit_certificate(None).unwrap();
    assert!(caller.mode == Mode::System && caller.has(Caller::OPEN));
    let shown = Certificate::read(&der(&["ward"], 1)).unwrap();
    assert_eq!(gate.admit_certificate(Some(&shown)), Err(Refusal::Invalid));
}
