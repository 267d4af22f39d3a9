//! What is drawn, for the kinds of conversation that there are.

use std::collections::HashMap;

use travel::Party;

use super::*;

fn at(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(1_700_000_000_000 + ms).unwrap()
}

fn party(name: &str, organisation: &str) -> Party {
    Party { name: name.into(), organisation: organisation.into() }
}

fn leg(from: Party, to: Party, what: &str, ended: Ended) -> Leg {
    Leg {
        from,
        to,
        what: what.into(),
        wire: "FHIR R4".into(),
        took_us: 3_200,
        sent_bytes: Some(0),
        got_bytes: Some(2_100),
        outcome: "200 OK".into(),
        ended,
    }
}

fn conversation(legs: Vec<(Timestamp, Leg)>) -> Conversation {
    let names = HashMap::from([("A1".to_owned(), "Hill Road Surgery".to_owned())]);
    Conversation { id: "x".into(), legs, names, running: false }
}

fn synchronous() -> Conversation {
    let (gp, pds) = (party("gp-system", "A1"), Party::own("Demographics"));
    conversation(vec![(at(0), leg(gp, pds, "Read a patient", Ended::Answered))])
}

#[test]
fn a_synchronous_call_is_two_boxes_and_an_arrow_each_way() {
    let diagram = Diagram::of(&synchronous());
    assert_eq!(diagram.parties, ["Hill Road Surgery", "Demographics"]);
    assert_eq!(diagram.title, "Asked, and answered at once");
    let seen: Vec<_> = diagram.arrows.iter().map(|one| (one.from, one.to, one.style)).collect();
    assert_eq!(seen, [(0, 1, Style::Ask), (1, 0, Style::Answer)]);
    assert_eq!(
        text::draw(&diagram),
        "Asked, and answered at once

               Hill Road Surgery                     Demographics
                       │                                   │
     0 ms              │── Read a patient (FHIR R4) ──────>│
   3.2 ms              │<╌ Answer: 200 OK ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌│
                       │                                   │
"
    );
}

#[test]
fn an_acknowledgement_and_a_later_answer_come_in_order_of_time() {
    let (gp, other) = (party("gp-system", "A1"), party("other", ""));
    let broker = || Party::own("Message broker");
    let diagram = Diagram::of(&conversation(vec![
        (at(0), leg(gp.clone(), broker(), "REQUEST", Ended::Acknowledged)),
        (at(1), leg(broker(), other.clone(), "REQUEST", Ended::Acknowledged)),
        (at(90), leg(other, broker(), "ANSWER", Ended::Acknowledged)),
        (at(95), leg(broker(), gp, "ANSWER", Ended::Refused)),
    ]));
    assert_eq!(diagram.title, "Asked, and refused in the end");
    assert_eq!(diagram.parties, ["Hill Road Surgery", "Message broker", "other"]);
    let seen: Vec<_> = diagram.arrows.iter().map(|one| (one.from, one.to, one.style)).collect();
    let (ask, receipt) = (Style::Ask, Style::Receipt);
    let first = [(0, 1, ask), (1, 2, ask), (1, 0, receipt), (2, 1, receipt)];
    let then = [(2, 1, ask), (1, 2, receipt), (1, 0, ask), (0, 1, Style::Trouble)];
    assert_eq!(seen, [first, then].concat());
}

#[test]
fn a_receipt_is_one_dotted_arrow_and_so_is_told() {
    let (gp, broker) = (party("gp-system", "A1"), Party::own("Message broker"));
    let receipt = Leg { outcome: "taken".into(), ..leg(gp, broker, "Receipt", Ended::Receipt) };
    let diagram = Diagram::of(&conversation(vec![(at(0), receipt)]));
    let seen: Vec<_> = diagram.arrows.iter().map(|one| (one.from, one.to, one.style)).collect();
    assert_eq!(seen, [(0, 1, Style::Receipt)]);
    assert_eq!(told::tell(&diagram), ["Hill Road Surgery back to Message broker: Receipt"]);
    assert!(text::draw(&diagram).contains("·· Receipt ··"));
}

#[test]
fn who_cannot_see_the_drawing_has_it_told() {
    let diagram = Diagram::of(&synchronous());
    let ask = "Hill Road Surgery to Demographics: Read a patient (FHIR R4)";
    let answer = "Demographics back to Hill Road Surgery: Answer: 200 OK (2.1 kB, after 3.2 ms)";
    assert_eq!(told::tell(&diagram), [ask, answer]);
    let drawn = svg::draw(&diagram);
    assert!(drawn.contains("role=\"img\" aria-labelledby=\"drawn told\""));
    assert!(drawn.contains(&format!("<desc id=\"told\">{ask}. {answer}</desc>")), "{drawn}");
}

#[test]
fn what_a_stranger_named_cannot_leave_its_place_in_the_drawing() {
    let evil = "<script>alert('&\"')</script>\u{7}";
    let call = leg(party(evil, ""), party(evil, "A1"), evil, Ended::Answered);
    let drawn = svg::draw(&Diagram::of(&conversation(vec![(at(0), call)])));
    assert!(!drawn.contains("<script"), "{drawn}");
    assert!(drawn.contains("&lt;script&gt;"));
    assert!(!drawn.contains('\u{7}'));
}

#[test]
fn a_diagram_has_room_for_so_much_and_says_what_it_left_out() {
    let many = |n: usize| {
        let call = leg(party(&format!("p{n}"), ""), Party::own("API"), "ask", Ended::Answered);
        (at(n as i64), call)
    };
    let diagram = Diagram::of(&conversation((0..20).map(many).collect()));
    assert_eq!(diagram.parties.len(), PARTIES_MAX);
    assert_eq!(diagram.left_out, 20 - (PARTIES_MAX - 1));
    let same = |n: usize| {
        (at(0), leg(party("p", ""), Party::own("API"), &format!("ask {n}"), Ended::Answered))
    };
    let diagram = Diagram::of(&conversation((0..300).map(same).collect()));
    assert_eq!((diagram.arrows.len(), diagram.left_out), (ARROWS_MAX, 600 - ARROWS_MAX));
    assert!(text::draw(&diagram).contains("and 200 more"));
}

#[test]
fn long_words_are_cut_at_a_character() {
    assert_eq!(cut("ÄÖÜäöü", 6), "ÄÖÜäöü");
    assert_eq!(cut("ÄÖÜäöüß", 6), "ÄÖÜäö…");
    assert_eq!(duration(0), "0 ms");
    assert_eq!(duration(990), "1.0 ms");
    assert_eq!(duration(61_000_000), "61.0 s");
    assert_eq!(size(2_500_000), "2.5 MB");
}

#[test]
fn many_like_legs_are_drawn_as_one_and_the_last_of_them() {
    let fragment = |n: i64| {
        let sent = Leg { sent_bytes: Some(4_000_000), ..fragment_leg("Fragment") };
        [(at(n * 10), sent), (at(n * 10 + 5), fragment_leg("Receipt"))]
    };
    let diagram = Diagram::of(&conversation((0..25).flat_map(fragment).collect()));
    let asked: Vec<_> = diagram.arrows.iter().filter(|one| one.style == Style::Ask).collect();
    let labels: Vec<_> = asked.iter().map(|one| one.label.as_str()).collect();
    assert_eq!(labels, ["Fragment × 24", "Receipt × 24", "Fragment", "Receipt"]);
    assert_eq!(asked[0].note, "FHIR R4, 96.0 MB");
    assert_eq!(diagram.left_out, 0);
    let few = Diagram::of(&conversation((0..3).flat_map(fragment).collect()));
    assert_eq!(few.arrows.len(), 12, "few are drawn one by one");
}

fn fragment_leg(what: &str) -> Leg {
    leg(party("gp-system", "A1"), Party::own("Broker"), what, Ended::Acknowledged)
}
