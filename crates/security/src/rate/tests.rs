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
    let text = r#"{"pds":{"quota":{"limit":100},"spikeArrest":{"ratelimit":"60pm","burst":1}}}"#;
    let meters = meters(&clock, text);
    let too_dense = Err(Excess::Spike { pace: Pace { a_minute: 60, burst: 1 }, wait_s: 1 });
    assert_eq!(meters.count("app-1", "pds").unwrap().unwrap().remaining, 99);
    assert_eq!(meters.count("app-1", "pds"), too_dense);
    clock.advance_ms(999);
    assert_eq!(meters.count("app-1", "pds"), too_dense);
    clock.advance_ms(1);
    assert_eq!(meters.count("app-1", "pds").unwrap().unwrap().remaining, 98);
    clock.advance_ms(-3_600_000);
    assert!(meters.count("app-1", "pds").is_ok(), "a clock set back locks nobody out");
}

#[test]
fn so_many_calls_may_come_at_once_and_then_evenly() {
    for (arrest, at_once, a_second) in [
        (r#""ratelimit":"900pm""#, 15, 15),
        (r#""ratelimit":"100ps""#, 100, 100),
        // Those of a second are too few for a script that asks for two things in one breath.
        (r#""ratelimit":"60pm""#, 5, 1),
        (r#""ratelimit":"900pm","burst":2"#, 2, 15),
        (r#""ratelimit":"60pm","burst":90"#, 90, 1),
        (r#""ratelimit":"600pm","burst":0"#, 1, 10),
    ] {
        let clock = clock();
        let meters = meters(&clock, &format!(r#"{{"app":{{"spikeArrest":{{{arrest}}}}}}}"#));
        let let_in = |calls: usize| (0..calls).filter(|_| meters.count("app-1", "x").is_ok());
        assert_eq!(let_in(1000).count(), at_once, "{arrest}");
        clock.advance_ms(120_000);
        assert_eq!(let_in(1000).count(), at_once, "{arrest}: when all was quiet for a while");
        let spread = (0..2000).filter(|_| {
            clock.advance_ms(5);
            meters.count("app-1", "x").is_ok()
        });
        assert_eq!(spread.count(), 10 * a_second, "{arrest}: in ten seconds, after a burst");
    }
}

#[test]
fn who_comes_too_fast_is_told_when_to_come_back() {
    let clock = clock();
    let meters = meters(&clock, r#"{"app":{"spikeArrest":{"ratelimit":"2pm","burst":1}}}"#);
    assert!(meters.count("app-1", "x").is_ok());
    for left_s in [30, 20, 1] {
        let Err(Excess::Spike { wait_s, .. }) = meters.count("app-1", "x") else { panic!() };
        assert_eq!(wait_s, left_s);
        clock.advance_ms(if left_s == 20 { 19_500 } else { 10_000 });
    }
    assert!(meters.count("app-1", "x").is_ok());
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
    let default =
        HashMap::from([(EVERY_API.to_owned(), default), ("mesh".to_owned(), Rates::a_minute(9))]);
    let meters = Meters::new(clock.clone(), own, Some(default));
    assert_eq!(meters.count("app-1", "pds").unwrap().unwrap().limit, 3);
    assert_eq!(meters.count("other", "pds").unwrap().unwrap().limit, 1);
    assert!(meters.count("other", "pds").is_err());
    assert_eq!(meters.count("other", "mesh").unwrap().unwrap().limit, 9);
    let meters = Meters::new(clock, HashMap::new(), None).with_whole_apis(Some(60));
    for client in 0..5 {
        assert_eq!(meters.count(&client.to_string(), "pds"), Ok(None));
    }
    let pace = Pace { a_minute: 60, burst: 5 };
    assert_eq!(meters.count("two", "pds"), Err(Excess::WholeApi { pace, wait_s: 1 }));
    assert_eq!(meters.count("two", "mns"), Ok(None));
}

#[test]
fn memory_has_an_end() {
    let clock = clock();
    let quota = Quota { limit: 5, interval: 1, timeunit: TimeUnit::Minute, enabled: true };
    let default = Rates { quota: Some(quota), spike_arrest: None };
    let default = HashMap::from([(EVERY_API.to_owned(), default)]);
    let meters = Meters { kept_max: 10, ..Meters::new(clock, HashMap::new(), Some(default)) };
    for client in 0..1000 {
        meters.count(&client.to_string(), "pds").unwrap();
        assert!(meters.state.lock().unwrap().len() <= 10);
    }
}

#[test]
fn quotas_of_hours_and_days_are_remembered_over_a_restart() {
    let clock = clock();
    let text = r#"{"pds":{"quota":{"limit":3,"timeunit":"day"}},"mns":{"quota":{"limit":3}}}"#;
    let before = meters(&clock, text);
    for _ in 0..2 {
        before.count("app-1", "pds").unwrap();
        before.count("app-1", "mns").unwrap();
    }
    let used = before.used();
    assert_eq!(used.len(), 1, "a minute is soon over: {used:?}");
    let after = meters(&clock, text);
    clock.advance_ms(1000);
    for one in &used {
        after.take_up(one, ["mns", "pds"]);
        after.take_up(&Used { api: "gone".into(), ..one.clone() }, ["mns", "pds"]);
    }
    let allowance = Allowance { limit: 3, remaining: 0, reset_s: 24 * 3600 - 1 };
    assert_eq!(after.count("app-1", "pds"), Ok(Some(allowance)));
    assert!(after.count("app-1", "pds").is_err());
    assert_eq!(after.count("app-1", "mns").unwrap().unwrap().remaining, 2);
    clock.advance_ms(24 * 3_600_000);
    assert_eq!(after.used(), [], "a window that is over is forgotten");
}
