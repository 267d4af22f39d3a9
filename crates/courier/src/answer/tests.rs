use broker::Outcome;
use http::header::RETRY_AFTER;
use http::{HeaderMap, StatusCode};

use super::outcome;

const NOW: &str = "2026-11-22T10:00:00Z";

fn of(status: u16, retry_after: &str) -> Outcome {
    let mut headers = HeaderMap::new();
    if !retry_after.is_empty() {
        headers.insert(RETRY_AFTER, retry_after.parse().unwrap());
    }
    outcome(StatusCode::from_u16(status).unwrap(), &headers, NOW.parse().unwrap())
}

fn after_s(retry_after: &str) -> Option<u32> {
    match of(503, retry_after) {
        Outcome::Failed { after_s, .. } => after_s,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_status_means_something() {
    let refused = [301, 302, 307, 308, 304, 400, 401, 403, 404, 405, 410, 413, 415, 422];
    for status in 200..600 {
        let well = match of(status, "") {
            Outcome::Delivered | Outcome::Acknowledged => (200..300).contains(&status),
            Outcome::Refused(_) => refused.contains(&status) || (300..400).contains(&status),
            Outcome::Unwanted(_) | Outcome::Settled => false,
            Outcome::Failed { .. } => status >= 400 && !refused.contains(&status),
        };
        assert!(well, "{status}");
    }
    for status in [408, 425, 429, 500, 502, 503, 504] {
        assert!(matches!(of(status, ""), Outcome::Failed { .. }), "{status}");
    }
}

#[test]
fn a_redirect_says_what_to_do() {
    let Outcome::Refused(why) = of(302, "") else { panic!("not refused") };
    assert!(why.contains("302") && why.contains("hint:"), "{why}");
}

#[test]
fn retry_after_is_a_number_or_a_date() {
    assert_eq!(after_s(""), None);
    assert_eq!(after_s("120"), Some(120));
    assert_eq!(after_s(" 7 "), Some(7));
    assert_eq!(after_s("99999999999999999999"), Some(u32::MAX));
    assert_eq!(after_s("Sun, 22 Nov 2026 10:05:00 GMT"), Some(300));
    assert_eq!(after_s("Sun, 22 Nov 2026 09:00:00 GMT"), Some(0), "it is over");
    assert_eq!(after_s("Sunday, 22-Nov-26 10:05:00 GMT"), None, "a form of old");
    assert_eq!(after_s("-5"), None);
    assert_eq!(after_s("soon"), None);
}
