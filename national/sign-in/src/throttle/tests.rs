use super::*;

#[test]
fn a_person_waits_after_some_wrong_secrets_in_a_row() {
    let throttle = Throttle::default();
    for at_s in 0..4 {
        throttle.failed("amira", at_s);
        assert_eq!(throttle.wait_s("amira", at_s), None);
    }
    throttle.failed("Amira", 4);
    assert_eq!(throttle.wait_s("AMIRA", 4), Some(60));
    assert_eq!(throttle.wait_s("owen", 4), None, "somebody else");
    assert_eq!(throttle.wait_s("amira", 63), Some(1));
    assert_eq!(throttle.wait_s("amira", 64), None);
    throttle.failed("amira", 64);
    assert_eq!(throttle.wait_s("amira", 64), None, "they are counted anew");
}

#[test]
fn the_right_secret_makes_the_wrong_ones_forgotten() {
    let throttle = Throttle::default();
    (0..4).for_each(|_| throttle.failed("amira", 0));
    throttle.succeeded("amira");
    (0..4).for_each(|_| throttle.failed("amira", 0));
    assert_eq!(throttle.wait_s("amira", 0), None);
}

#[test]
fn too_many_wrong_secrets_in_a_minute_stop_everybody_until_it_is_over() {
    let throttle = Throttle::default();
    for n in 0..SIGN_IN_FAILURES_A_MINUTE_MAX {
        assert_eq!(throttle.wait_s("amira", 130), None, "{n}");
        throttle.failed(&n.to_string(), 130);
    }
    assert_eq!(throttle.wait_s("amira", 130), Some(50));
    assert_eq!(throttle.wait_s("amira", 180), None);
}
