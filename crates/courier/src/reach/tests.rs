use std::net::IpAddr;

use proptest::prelude::*;

use super::may_call;

const NOT_PUBLIC: &[&str] = &[
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "fc00::1",
    "fe80::1",
    "ff02::1",
    "2001::7f00:1",
    "2001:db8::1",
    "2002:7f00:1::",
    "3fff::1",
    "100::1",
    "fec0::1",
];

#[test]
fn what_is_not_the_internet_may_not_be_called() {
    for text in NOT_PUBLIC {
        let address: IpAddr = text.parse().unwrap();
        assert!(!may_call(address, false), "{text}");
    }
}

#[test]
fn what_is_may_be() {
    let neighbours = [
        "8.8.8.8",
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.1",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2606:4700::1111",
        "2001:4860:4860::8888",
        "2001:200::1",
        "2a00:1450::1",
    ];
    for text in neighbours {
        assert!(may_call(text.parse().unwrap(), false), "{text}");
    }
}

#[test]
fn a_private_endpoint_may_be_anywhere_that_is_a_place() {
    for text in ["127.0.0.1", "10.1.2.3", "::1", "fd00::1", "8.8.8.8"] {
        assert!(may_call(text.parse().unwrap(), true), "{text}");
    }
    for text in ["0.0.0.0", "::", "224.0.0.1", "ff02::1"] {
        assert!(!may_call(text.parse().unwrap(), true), "{text}");
    }
}

proptest! {
    /// However an address of IPv4 is wrapped, it does not get past as one of IPv6.
    #[test]
    fn no_wrapping_hides_an_address(bits: u32) {
        let v4 = std::net::Ipv4Addr::from_bits(bits);
        let wrapped = u128::from(bits);
        let mapped = v4.to_ipv6_mapped();
        let nat64 = std::net::Ipv6Addr::from_bits((0x0064_ff9b_u128 << 96) | wrapped);
        let six_to_four = std::net::Ipv6Addr::from_bits((0x2002_u128 << 112) | (wrapped << 80));
        let teredo = std::net::Ipv6Addr::from_bits((0x2001_0000_u128 << 96) | wrapped);
        for v6 in [mapped, v4.to_ipv6_compatible(), nat64, six_to_four, teredo] {
            prop_assert!(!may_call(v6.into(), false), "{v6}");
        }
    }
}
