use http::HeaderValue;

use super::*;

fn proxies(written: &[&str]) -> Proxies {
    let written: Vec<String> = written.iter().map(|&one| one.to_owned()).collect();
    Proxies::new(&written).unwrap()
}

#[test]
fn only_the_word_of_a_trusted_proxy_counts() {
    let ours = proxies(&["127.0.0.1", "10.0.0.0/8", "2001:db8:1::/48"]);
    for (peer, lines, source) in [
        ("192.0.2.1", &[][..], "192.0.2.1"),
        ("192.0.2.1", &["198.51.100.9"], "192.0.2.1"),
        ("127.0.0.1", &[], "127.0.0.1"),
        ("127.0.0.1", &["192.0.2.1"], "192.0.2.1"),
        ("::ffff:127.0.0.1", &["192.0.2.1"], "192.0.2.1"),
        ("127.0.0.1", &["198.51.100.9, 192.0.2.1"], "192.0.2.1"),
        ("127.0.0.1", &["198.51.100.9", "192.0.2.1"], "192.0.2.1"),
        ("127.0.0.1", &["192.0.2.1, 10.9.8.7"], "192.0.2.1"),
        ("127.0.0.1", &["192.0.2.1", "10.9.8.7, 10.0.0.1"], "192.0.2.1"),
        ("127.0.0.1", &["10.9.8.7"], "10.9.8.7"),
        ("127.0.0.1", &["192.0.2.1:4711"], "192.0.2.1"),
        ("127.0.0.1", &["[2001:db8::7]:4711"], "2001:db8::7"),
        ("127.0.0.1", &["2001:db8::7"], "2001:db8::7"),
        ("2001:db8:1:2::3", &["192.0.2.1"], "192.0.2.1"),
        ("2001:db8:2::3", &["192.0.2.1"], "2001:db8:2::3"),
        ("127.0.0.1", &["192.0.2.1, unknown"], "127.0.0.1"),
        ("127.0.0.1", &["192.0.2.1, unknown, 10.0.0.1"], "10.0.0.1"),
        ("127.0.0.1", &[""], "127.0.0.1"),
    ] {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, HeaderValue::from_static(line));
        }
        let found = ours.source(peer.parse().unwrap(), &headers);
        assert_eq!(found, source.parse::<IpAddr>().unwrap(), "{peer} {lines:?}");
        let peer = peer.parse::<IpAddr>().unwrap();
        assert_eq!(Proxies::default().source(peer, &headers), peer.to_canonical());
    }
}

#[test]
fn what_is_no_address_is_named() {
    for written in ["proxy.example", "10.0.0.0/33", "10.0.0.0/x", "", "::1/129"] {
        let error = Proxies::new(&[written.to_owned()]).unwrap_err();
        assert!(error.contains(&format!("'{written}'")), "{error}");
    }
    assert_eq!(
        proxies(&["0.0.0.0/0"]).source("192.0.2.1".parse().unwrap(), &HeaderMap::new()),
        "192.0.2.1".parse::<IpAddr>().unwrap()
    );
}
