use super::*;

#[test]
fn ids_grow_even_when_the_clock_is_put_back() {
    let clock = Clock::stopped("2026-11-22T10:00:00Z".parse().unwrap());
    let ids = Ids::after(None, clock.clone());
    let first = ids.next();
    clock.advance_ms(-60_000);
    let second = ids.next();
    assert!(second > first, "{first:?} {second:?}");
    let again = Ids::after(Some(second), clock).next();
    assert!(again > second);
}

#[test]
fn a_written_id_is_read_back() {
    let clock = Clock::stopped("2026-11-22T10:00:00.123Z".parse().unwrap());
    let ids = Ids::after(None, clock.clone());
    for _ in 0..5_000 {
        let id = ids.next();
        let text = write(id);
        assert_eq!(text.len(), 27, "{text}");
        assert_eq!(read(&text), Some(id), "{text}");
    }
    assert!(write(Ids::after(None, clock).next()).starts_with("20261122100000123000_"));
}

#[test]
fn a_slip_of_the_pen_is_caught() {
    let clock = Clock::stopped("2026-11-22T10:00:00.123Z".parse().unwrap());
    let text = write(Ids::after(None, clock).next());
    for at in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[at] = if bytes[at] == b'7' { b'8' } else { b'7' };
        assert_eq!(read(std::str::from_utf8(&bytes).unwrap()), None, "place {at}");
    }
    for rubbish in ["", "_", "2026", "99999999999999999999_FFFFFF", "é", "20261122100000123000_"] {
        assert_eq!(read(rubbish), None, "{rubbish}");
    }
}
