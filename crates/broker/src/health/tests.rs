use super::*;

const MOST: u32 = 16;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

fn fail(endpoints: &Endpoints, dice: &Dice, second: i64) {
    endpoints.ended("E", MOST, at(second), Sign::Unwell(None), dice);
}

#[test]
fn an_endpoint_that_bears_more_gets_more() {
    let (endpoints, dice) = (Endpoints::default(), Dice::seeded(1));
    let begin = || (0..100).take_while(|_| endpoints.begin("E", MOST, at(0)) == Permit::Go).count();
    let first = begin();
    assert_eq!(first, 4);
    for _ in 0..first {
        endpoints.ended("E", MOST, at(0), Sign::Well, &dice);
    }
    let second = begin();
    assert!(second > first, "{second}");
    assert_eq!(endpoints.begin("E", MOST, at(0)), Permit::Full);
}

#[test]
fn one_that_fails_is_left_alone_then_tried_once() {
    let (endpoints, dice) = (Endpoints::default(), Dice::seeded(1));
    for _ in 0..FAILURES_MAX {
        assert_eq!(endpoints.begin("E", MOST, at(0)), Permit::Go);
        fail(&endpoints, &dice, 0);
    }
    assert!(matches!(endpoints.begin("E", MOST, at(1)), Permit::Alone(_)));
    assert_eq!(endpoints.begin("OTHER", MOST, at(1)), Permit::Go);
    assert_eq!(endpoints.begin("E", MOST, at(31)), Permit::Go, "a probe");
    assert_eq!(endpoints.begin("E", MOST, at(31)), Permit::Full, "only one");
    fail(&endpoints, &dice, 32);
    let Permit::Alone(until) = endpoints.begin("E", MOST, at(33)) else { panic!("left alone") };
    assert!(until > at(32 + 29), "longer than the first time: {until}");
    assert_eq!(endpoints.begin("E", MOST, at(200)), Permit::Go);
    endpoints.ended("E", MOST, at(200), Sign::Well, &dice);
    assert_eq!(endpoints.begin("E", MOST, at(200)), Permit::Go);
}

#[test]
fn one_that_asks_for_time_gets_it() {
    let (endpoints, dice) = (Endpoints::default(), Dice::seeded(1));
    assert_eq!(endpoints.begin("E", MOST, at(0)), Permit::Go);
    endpoints.ended("E", MOST, at(0), Sign::Unwell(Some(at(90))), &dice);
    assert_eq!(endpoints.begin("E", MOST, at(89)), Permit::Alone(at(90)));
    assert_eq!(endpoints.begin("E", MOST, at(90)), Permit::Go);
}

#[test]
fn an_operator_can_have_it_tried_at_once() {
    let (endpoints, dice) = (Endpoints::default(), Dice::seeded(1));
    for _ in 0..FAILURES_MAX {
        endpoints.begin("E", MOST, at(0));
        fail(&endpoints, &dice, 0);
    }
    endpoints.forget("E");
    assert_eq!(endpoints.begin("E", MOST, at(1)), Permit::Go);
}
