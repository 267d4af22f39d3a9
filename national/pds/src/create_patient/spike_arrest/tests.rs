use base::Clock;
use jiff::Timestamp;
use security::Caller;

use super::SpikeArrest;

fn client(name: &str) -> Caller {
    Caller { client: name.into(), ..Caller::open() }
}

#[test]
fn three_at_once_then_one_every_third_of_a_second() {
    let clock = Clock::stopped(Timestamp::UNIX_EPOCH);
    let spike = SpikeArrest::default();
    let may = |name| spike.admit(&client(name), clock.now()).is_ok();
    assert_eq!([may("ward"), may("ward"), may("ward"), may("ward")], [true, true, true, false]);
    assert!(may("other"), "each client has a bucket of its own");
    clock.advance_ms(340);
    assert_eq!([may("ward"), may("ward")], [true, false]);
    clock.advance_ms(60_000);
    assert_eq!([may("ward"), may("ward"), may("ward"), may("ward")], [true, true, true, false]);
    clock.advance_ms(-60_000);
    assert!(!may("ward"), "a clock that is set back fills nothing");
}

#[test]
fn whoever_is_too_fast_is_told_when_to_come_back() {
    let spike = SpikeArrest::default();
    let ask = || spike.admit(&client("ward"), Timestamp::UNIX_EPOCH);
    let fault = (0..4).find_map(|_| ask().err()).unwrap();
    assert_eq!((fault.code(), fault.retry()), ("TOO_MANY_REQUESTS", base::Retry::AfterS(1)));
}

#[test]
fn an_open_house_has_no_limit() {
    let spike = SpikeArrest::default();
    assert!((0..100).all(|_| spike.admit(&Caller::open(), Timestamp::UNIX_EPOCH).is_ok()));
}
