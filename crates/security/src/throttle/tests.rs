use jiff::Timestamp;

use super::*;

fn clock() -> Clock {
    Clock::stopped(Timestamp::from_second(1_700_000_000).unwrap())
}

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// Counts a failure from an address.
fn fail(failures: &Failures, from: IpAddr, name: &str) -> Option<u32> {
    failures.failed(Some(from), name)
}

const PERSON: Bound = Bound { at_once: 5, every_ms: 60_000 };

#[test]
fn so_many_failures_are_taken_at_once_and_then_one_in_a_time() {
    let clock = clock();
    let throttle = Throttle::new(clock.clone(), 10);
    for _ in 0..5 {
        assert_eq!(throttle.wait_s("amira", PERSON), None);
        assert_eq!(throttle.failed("amira", PERSON), None);
    }
    assert_eq!(throttle.wait_s("amira", PERSON), Some(60));
    assert_eq!(throttle.wait_s("owen", PERSON), None, "somebody else");
    clock.advance_ms(59_001);
    assert_eq!(throttle.failed("amira", PERSON), Some(1));
    clock.advance_ms(999);
    assert_eq!(throttle.failed("amira", PERSON), None);
    assert_eq!(throttle.failed("amira", PERSON), Some(60));
    clock.advance_ms(5 * 60_000);
    assert!((0..5).all(|_| throttle.failed("amira", PERSON).is_none()), "all is forgiven");
    assert_eq!(throttle.failed("amira", PERSON), Some(60));
}

#[test]
fn what_is_forgotten_does_not_count() {
    let throttle = Throttle::new(clock(), 10);
    (0..5).for_each(|_| assert!(throttle.failed("amira", PERSON).is_none()));
    throttle.forget("amira");
    assert_eq!(throttle.wait_s("amira", PERSON), None);
}

#[test]
fn a_clock_set_back_locks_nobody_out() {
    let clock = clock();
    let throttle = Throttle::new(clock.clone(), 10);
    (0..5).for_each(|_| assert!(throttle.failed("amira", PERSON).is_none()));
    clock.advance_ms(-3_600_000);
    assert_eq!(throttle.wait_s("amira", PERSON), None);
    assert!((0..5).any(|_| throttle.failed("amira", PERSON).is_some()), "and it counts on");
}

#[test]
fn memory_has_an_end() {
    let throttle = Throttle::new(clock(), 10);
    for name in 0..1000 {
        throttle.failed(&name.to_string(), PERSON);
        assert!(throttle.due().len() <= 10);
    }
}

#[test]
fn one_address_is_slowed_down_and_no_other() {
    let clock = clock();
    let failures = Failures::new(clock.clone(), 6);
    let (here, there) = (address("192.0.2.1"), address("192.0.2.2"));
    for _ in 0..6 {
        assert_eq!(fail(&failures, here, "ward"), None);
    }
    assert_eq!(fail(&failures, here, "ward"), Some(10));
    assert_eq!(fail(&failures, here, ""), Some(10), "whoever it says it is");
    assert_eq!(fail(&failures, address("::ffff:192.0.2.1"), "ward"), Some(10), "the same address");
    assert_eq!(fail(&failures, there, "ward"), None);
    clock.advance_ms(10_000);
    assert_eq!(fail(&failures, here, "ward"), None, "one in ten seconds is told why");
    assert_eq!(fail(&failures, here, "ward"), Some(10));
}

#[test]
fn the_addresses_of_one_network_are_one() {
    let failures = Failures::new(clock(), 6);
    for host in 0..6 {
        assert_eq!(fail(&failures, address(&format!("2001:db8:0:1::{host}")), ""), None);
    }
    assert!(fail(&failures, address("2001:db8:0:1:ffff::7"), "").is_some());
    assert_eq!(fail(&failures, address("2001:db8:0:2::7"), ""), None);
}

#[test]
fn a_name_bears_more_than_an_address() {
    let failures = Failures::new(clock(), 6);
    let from = |n: u32| address(&format!("198.51.{}.{}", n / 256, n % 256));
    let taken = (0..1000).filter(|n| fail(&failures, from(*n), "ward").is_none()).count();
    assert_eq!(taken, 6 * FAILURES_FOR_ONE_TIMES as usize);
    assert_eq!(fail(&failures, from(1000), "clinic"), None, "another name");
    let failures = Failures::new(clock(), 6);
    let refused = (0..1000).filter(|_| fail(&failures, from(1), "ward").is_some());
    assert_eq!(refused.count(), 994);
    assert_eq!(fail(&failures, from(2), "ward"), None, "one address cannot use up a name");
}
