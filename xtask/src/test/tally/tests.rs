use super::*;

#[test]
fn closing_lines_of_every_runner_are_read() {
    for (line, passed, failed) in [
        ("     Summary [   0.225s] 25 tests run: 24 passed, 1 failed, 0 skipped", 24, 1),
        ("     Summary [   0.1s] 26 tests run: 26 passed, 0 skipped", 26, 0),
        ("     Summary [   9s] 3 tests run: 1 passed (1 slow), 1 failed, 1 timed out", 1, 2),
        ("test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out", 3, 0),
        ("4 passed, 0 failed", 4, 0),
        ("3 passed, 1 failed", 3, 1),
        ("they said: 3 passed, 1 failed and so on", 0, 0),
        ("        PASS [   0.011s] a_test_that_says_9 passed", 0, 0),
    ] {
        assert_eq!(read(line), Tally { passed, failed }, "{line}");
    }
}

#[test]
fn closing_lines_add_up() {
    assert_eq!(
        read("test result: ok. 3 passed; 0 failed;\ntest result: FAILED. 1 passed; 2 failed;"),
        Tally { passed: 4, failed: 2 }
    );
}

#[test]
fn silence_is_a_failure() {
    let silent = Tally::default();
    assert_eq!(silent.or_else_failed(true).failed, 1);
    assert_eq!(silent.or_else_failed(false).failed, 1);
    let good = Tally { passed: 2, failed: 0 };
    assert_eq!(good.or_else_failed(true), good);
    assert_eq!(good.or_else_failed(false).failed, 1);
    let bad = Tally { passed: 2, failed: 3 };
    assert_eq!(bad.or_else_failed(false), bad);
}
