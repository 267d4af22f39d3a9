use super::*;

#[test]
fn shares_and_rates_come_from_all_turns() {
    let turn = |took_us: Vec<u32>| Sample { took_us, bad: 1, lasted: Duration::from_secs(1) };
    let mut sample = Sample::default();
    sample.add(turn((51..=100).rev().collect()));
    sample.add(turn((1..=50).collect()));
    assert!((sample.rate() - 50.0).abs() < 1e-6);
    assert_eq!((sample.within_us(0.5), sample.within_us(0.99)), (51, 100));
    assert_eq!(sample.bad, 2);
}

#[test]
fn nothing_measured_is_nothing() {
    let mut sample = Sample::default();
    assert_eq!(sample.within_us(0.99), 0);
    assert!(sample.rate() < 1e-6);
}
