use jiff::Timestamp;

use super::*;

fn clock() -> Clock {
    Clock::stopped(Timestamp::from_second(1_700_000_000).unwrap())
}

fn rates(text: &str) -> Ratelimiting {
    serde_json::from_str(text).unwrap()
}

fn meters(clock: &Clock, text: &str) -> Meters {
    Meters::new(clock.clone(), HashMap::from([("app-1".to_owned(), rates(text))]), None)
}

const QUOTA: &str =
    r#"{"pds":{"quota":{"limit":3,"interval":1,"timeunit":"minute","enabled":true}}}"#;

#[test]
fn a_quota_is_counted_down_and_begins_anew() {
    let clock = clock();
    let meters = meters(&clock, QUOTA);
    for (remaining, reset_s) in [(2, 60), (1, 59), (0, 58)] {
        let allowance = meters.count("app-1", "pds").unwrap().unwrap();
        assert_eq!(allowance, Allowance { limit: 3, remaining, reset_s });
        clock.advance_ms(1000);
    }
    let allowance = Allowance { limit: 3, remaining: 0, reset_s: 57 };
    for _ in 0..3 {
        let excess = meters.count("app-1", "pds");
        assert_eq!(excess, Err(Excess::Quota { allowance, window_s: 60 }));
    }
    clock.advance_ms(56_999);
    assert!(meters.count("app-1", "pds").is_err());
    clock.advance_ms(1);
    assert_eq!(meters.count("app-1", "pds").unwrap().unwrap().remaining, 2);
}

#[test]
fn meters_are_apart_by_client_and_api() {
    let meters = meters(&clock(), QUOTA);
    for _ in 0..3 {
        meters.count("app-1", "pds").unwrap();
    }
    assert!(meters.count("app-1", "pds").is_err());
    assert_eq!(meters.count("app-1", "mns"), Ok(None));
    assert_eq!(meters.count("app-2", "pds"), Ok(None));
    let every = r#"{"app":{"quota":{"limit":1}},"pds":{"quota":{"limit":2}}}"#;
    let meters = self::meters(&clock(), every);
    assert_eq!(meters.count("app-1", "pds").unwrap().unwrap().limit, 2);
    assert_eq!(meters.count("app-1", "mns").unwrap().unwrap().limit, 1);
    assert!(meters.count("app-1", "mns").is_err() && meters.count("app-1", "pds").is_ok());
}

#[test]
fn a_spike_is_flattened_and_costs_no_quota() {
    let clock = clock();
    let text = r#"{"pds":{"quota":{"limit":100},"spikeArrest":{"ratelimit":"60pm"}}}"#;
    let meters = meters(&clock, text);
    assert_eq!(meters.count("app-1", "pds").unwrap().unwrap().remaining, 99);
    assert_eq!(meters.count("app-1", "pds"), Err(Excess::Spike { a_minute: 60 }));
    clock.advance_ms(999);
    assert_eq!(meters.count("app-1", "pds"), Err(Excess::Spike { a_minute: 60 }));
    clock.advance_ms(1);
    assert_eq!(meters.count("app-1", "pds").unwrap().unwrap().remaining, 98);
    clock.advance_ms(-3_600_000);
    assert!(meters.count("app-1", "pds").is_ok(), "a clock set back locks nobody out");
}

#[test]
fn a_fast_client_may_send_a_tenth_of_a_second_at_once() {
    let clock = clock();
    let meters = meters(&clock, r#"{"app":{"spikeArrest":{"ratelimit":"100ps"}}}"#);
    let let_in = |calls: usize| (0..calls).filter(|_| meters.count("app-1", "x").is_ok()).count();
    assert_eq!(let_in(50), 10);
    clock.advance_ms(1000);
    assert_eq!(let_in(50), 10);
    let spread = (0..1000).filter(|_| {
        clock.advance_ms(5);
        meters.count("app-1", "x").is_ok()
    });
    let spread = spread.count();
    assert!((490..=510).contains(&spread), "{spread} of 500 in five seconds");
}

#[test]
fn what_is_switched_off_or_no_rate_does_not_count() {
    let clock = clock();
    for text in [
        r#"{"pds":{"quota":{"limit":0,"enabled":false}}}"#,
        r#"{"pds":{"spikeArrest":{"ratelimit":"1pm","enabled":false}}}"#,
        r#"{"pds":{"spikeArrest":{"ratelimit":"often"}}}"#,
        r#"{"pds":{}}"#,
    ] {
        let meters = meters(&clock, text);
        assert!((0..100).all(|_| meters.count("app-1", "pds") == Ok(None)), "{text}");
    }
    assert!(serde_json::from_str::<Ratelimiting>(r#"{"pds":{"quotas":{}}}"#).is_err());
    let hours = Quota { limit: 1, interval: 2, timeunit: TimeUnit::Hour, enabled: true };
    assert_eq!(hours.window_s(), 7200);
}

#[test]
fn the_default_is_for_clients_without_rates_and_the_whole_api_for_all() {
    let clock = clock();
    let quota = Quota { limit: 1, interval: 1, timeunit: TimeUnit::Minute, enabled: true };
    let default = Rates { quota: Some(quota), spike_arrest: None };
    let own = HashMap::from([("app-1".to_owned(), rates(QUOTA))]);
    let meters = Meters::new(clock.clone(), own, Some(default));
    assert_eq!(meters.count("app-1", "pds").unwrap().unwrap().limit, 3);
    assert_eq!(meters.count("other", "pds").unwrap().unwrap().limit, 1);
    assert!(meters.count("other", "pds").is_err());
    let meters = Meters::new(clock, HashMap::new(), None).with_whole_apis(Some(60));
    assert_eq!(meters.count("one", "pds"), Ok(None));
    assert_eq!(meters.count("two", "pds"), Err(Excess::WholeApi { a_minute: 60 }));
    assert_eq!(meters.count("two", "mns"), Ok(None));
}

#[test]
fn memory_has_an_end() {
    let clock = clock();
    let quota = Quota { limit: 5, interval: 1, timeunit: TimeUnit::Minute, enabled: true };
    let default = Rates { quota: Some(quota), spike_arrest: None };
    let meters = Meters { kept_max: 10, ..Meters::new(clock, HashMap::new(), Some(default)) };
    for client in 0..1000 {
        meters.count(&client.to_string(), "pds").unwrap();
        assert!(meters.state.lock().unwrap().len() <= 10);
    }
}
