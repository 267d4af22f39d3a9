use super::*;

fn delay_s(failed: u32, after_s: Option<u32>, dice: &Dice) -> i64 {
    let now: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
    next_try(now, failed, after_s, dice).as_second() - now.as_second()
}

#[test]
fn delays_grow_and_are_spread() {
    let dice = Dice::seeded(7);
    for (failed, longest) in [(1, 5), (2, 30), (3, 120), (7, 7_200), (1_000, 7_200)] {
        let delays: Vec<i64> = (0..200).map(|_| delay_s(failed, None, &dice)).collect();
        assert!(delays.iter().all(|delay| (longest / 2..=longest).contains(delay)), "{failed}");
        assert!(delays.iter().any(|delay| *delay != delays[0]), "{failed}: all the same");
    }
}

#[test]
fn a_receiver_may_ask_for_more_time_within_bounds() {
    let dice = Dice::seeded(7);
    assert_eq!(delay_s(1, Some(600), &dice), 600);
    assert!(delay_s(3, Some(1), &dice) >= 60);
    assert_eq!(delay_s(1, Some(u32::MAX), &dice), i64::from(AFTER_S_MAX));
}
