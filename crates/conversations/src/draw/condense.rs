//! Many like legs become one: a record in thirty fragments is read as easily as one in three.

use jiff::Timestamp;
use travel::Leg;

use crate::gather::ended;

/// So many like legs are drawn one by one.
const FEW: usize = 6;

/// Legs of the same kind between the same two.
struct Run<'a> {
    legs: Vec<&'a (Timestamp, Leg)>,
}

/// The legs to be drawn, in the order of time: of many like ones, all but the last are one, which
/// says how many they were. The last is often what the others led to.
pub(crate) fn condensed(legs: &[(Timestamp, Leg)]) -> Vec<(Timestamp, Leg)> {
    let mut runs: Vec<Run<'_>> = Vec::new();
    for leg in legs {
        match runs.iter_mut().find(|run| run.is_like(&leg.1)) {
            Some(run) => run.legs.push(leg),
            None => runs.push(Run { legs: vec![leg] }),
        }
    }
    let mut drawn: Vec<_> = runs.iter().flat_map(Run::drawn).collect();
    drawn.sort_by_key(|(at, _)| *at);
    drawn
}

impl Run<'_> {
    fn is_like(&self, other: &Leg) -> bool {
        self.legs.first().is_some_and(|(_, one)| {
            (&one.from, &one.to, &one.what, &one.wire, &one.outcome, one.ended)
                == (&other.from, &other.to, &other.what, &other.wire, &other.outcome, other.ended)
        })
    }

    fn drawn(&self) -> Vec<(Timestamp, Leg)> {
        if self.legs.len() <= FEW {
            return self.legs.iter().map(|leg| (*leg).clone()).collect();
        }
        let Some((last, many)) = self.legs.split_last() else { return Vec::new() };
        let Some((at, first)) = many.first().map(|leg| (*leg).clone()) else { return Vec::new() };
        let over = many.iter().map(|(at, leg)| ended(*at, leg)).max().unwrap_or(at);
        let sum = |of: fn(&Leg) -> Option<u64>| many.iter().filter_map(|(_, leg)| of(leg)).sum();
        let one = Leg {
            what: format!("{} × {}", first.what, many.len()),
            took_us: u64::try_from(over.duration_since(at).as_micros()).unwrap_or(0),
            sent_bytes: first.sent_bytes.map(|_| sum(|leg| leg.sent_bytes)),
            got_bytes: first.got_bytes.map(|_| sum(|leg| leg.got_bytes)),
            ..first
        };
        vec![(at, one), (*last).clone()]
    }
}
