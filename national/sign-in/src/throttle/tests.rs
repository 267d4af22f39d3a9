use jiff::Timestamp;

use super::*;

fn throttle() -> (Clock, Throttle) {
    let clock = Clock::stopped(Timestamp::from_second(1_700_000_000).unwrap());
    (clock.clone(), Throttle::new(clock))
}

#[test]
fn a_person_waits_after_some_wrong_secrets_in_a_row() {
    let (clock, throttle) = throttle();
    for _ in 0..4 {
        throttle.failed("amira");
        assert_eq!(throttle.wait_s("amira"), None);
    }
    throttle.failed("Amira");
    assert_eq!(throttle.wait_s("AMIRA"), Some(60));
    assert_eq!(throttle.wait_s("owen"), None, "somebody else");
    clock.advance_ms(59_000);
    assert_eq!(throttle.wait_s("amira"), Some(1));
    clock.advance_ms(1_000);
    assert_eq!(throttle.wait_s("amira"), None);
    throttle.failed("amira");
    assert_eq!(throttle.wait_s("amira"), Some(60), "one more, and the next waits as long");
}

#[test]
fn the_right_secret_makes_the_wrong_ones_forgotten() {
    let (_, throttle) = throttle();
    (0..4).for_each(|_| throttle.failed("amira"));
    throttle.succeeded("amira");
    (0..4).for_each(|_| throttle.failed("amira"));
    assert_eq!(throttle.wait_s("amira"), None);
}

#[test]
fn too_many_wrong_secrets_stop_everybody_until_it_is_over() {
    let (clock, throttle) = throttle();
    for n in 0..SIGN_IN_FAILURES_A_MINUTE_MAX {
        assert_eq!(throttle.wait_s("amira"), None, "{n}");
        throttle.failed(&n.to_string());
    }
    assert_eq!(throttle.wait_s("amira"), Some(1));
    assert_eq!(throttle.wait_s("anybody"), Some(1));
    clock.advance_ms(500);
    assert_eq!(throttle.wait_s("amira"), None);
}
