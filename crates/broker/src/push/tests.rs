use crate::tests::trial::{Trial, deadly, failed, letter};
use crate::{Broker, Envelope, Outcome, Settings, State};
use store::messages::MessageId;

#[tokio::test]
async fn a_push_that_arrives_ends_it() {
    let trial = Trial::new().await;
    let id = trial.send("HOOK", "hello").await.id;
    assert_eq!(trial.state(id), State::Ready);
    trial.work().await;
    assert_eq!(trial.story(id, 1), ["ready", "acknowledged"]);
    let pushed = trial.pushed.lock().unwrap();
    assert_eq!((pushed.len(), pushed[0].attempt, &pushed[0].body[..]), (1, 1, &b"hello"[..]));
    assert_eq!(pushed[0].delivery, id.delivery(1));
}

#[tokio::test]
async fn a_push_that_fails_is_tried_again_later() {
    let trial = Trial::new().await;
    let id = trial.send("HOOK", "hello").await.id;
    trial.next(failed("503"));
    trial.work().await;
    assert_eq!(trial.state(id), State::Waiting);
    trial.work().await;
    assert_eq!(trial.pushes(), 1, "not yet");
    trial.pass_s(6);
    trial.work().await;
    assert_eq!(trial.story(id, 1), ["ready", "waiting", "acknowledged"]);
    let pushed = trial.pushed.lock().unwrap();
    assert_eq!(pushed[1].delivery, pushed[0].delivery, "the same id on every try");
    assert_eq!(pushed[1].attempt, 2);
}

#[tokio::test]
async fn one_that_will_never_be_taken_is_dead_and_reported() {
    let trial = Trial::new().await;
    let id = trial.send("HOOK", "hello").await.id;
    trial.next(Outcome::Refused("410 gone".into()));
    trial.work().await;
    assert_eq!(trial.state(id), State::Dead);
    let reports = trial.waiting("ALPHA");
    assert_eq!(reports.len(), 1);
    let report = trial.broker.look("ALPHA", reports[0]).unwrap().envelope.report.unwrap();
    assert_eq!((MessageId::from(report.about), report.text.as_str()), (id, "410 gone"));
}

#[tokio::test]
async fn an_endpoint_that_thinks_about_it_has_the_last_word() {
    let trial = Trial::new().await;
    let wanted = trial.send("THINKS", "one").await.id;
    let unwanted = trial.send("THINKS", "two").await.id;
    trial.work().await;
    assert_eq!(trial.state(wanted), State::Sent);
    let broker = &trial.broker;
    broker.judge(wanted.delivery(1), true, "", "HOOK").await.unwrap_err();
    broker.judge(wanted.delivery(1), true, "", "THINKS").await.unwrap();
    broker.judge(unwanted.delivery(1), false, "not ours", "THINKS").await.unwrap();
    assert_eq!((trial.state(wanted), trial.state(unwanted)), (State::Acknowledged, State::Refused));
    assert_eq!(trial.waiting("ALPHA").len(), 1, "the refusal is reported");
}

#[tokio::test]
async fn an_unwell_endpoint_parks_what_waits_without_attempts() {
    let trial = Trial::new().await;
    for _ in 0..20 {
        trial.next(failed("connection refused"));
    }
    let ids: Vec<MessageId> = {
        let mut ids = Vec::new();
        for _ in 0..12 {
            ids.push(trial.send("HOOK", "x").await.id);
        }
        ids
    };
    for _ in 0..6 {
        trial.work().await;
    }
    let parked: Vec<&MessageId> =
        ids.iter().filter(|id| trial.state(**id) == State::Parked).collect();
    assert!(!parked.is_empty());
    for id in parked {
        assert_eq!(trial.broker.track(*id).unwrap().deliveries[0].detail.failed, 0);
    }
    trial.outcomes.lock().unwrap().clear();
    for _ in 0..200 {
        trial.pass_s(60);
        trial.work().await;
    }
    assert!(ids.iter().all(|id| trial.state(*id) == State::Acknowledged));
}

async fn ordered(trial: &Trial, to: &str, key: &str) -> MessageId {
    let envelope = Envelope { ordering_key: key.into(), ..letter("ALPHA", to) };
    trial.try_send(envelope, "x").await.unwrap().id
}

#[tokio::test]
async fn messages_with_one_key_go_one_after_the_other() {
    let trial = Trial::new().await;
    let mut sent = Vec::new();
    for _ in 0..5 {
        sent.push(ordered(&trial, "IN-ORDER", "K").await);
    }
    let other = ordered(&trial, "IN-ORDER", "OTHER").await;
    trial.next(failed("503"));
    trial.next(failed("503"));
    for _ in 0..40 {
        trial.work().await;
        trial.pass_s(10);
    }
    let arrived: Vec<MessageId> = sent.iter().copied().filter(|id| *id != other).collect();
    let mut order: Vec<MessageId> =
        trial.pushed.lock().unwrap().iter().map(|push| push.message).collect();
    order.retain(|id| *id != other);
    order.dedup();
    assert_eq!(order, arrived);
    assert_eq!(trial.state(other), State::Acknowledged);
}

#[tokio::test]
async fn a_dead_one_halts_its_key_where_the_route_says_so() {
    let trial = Trial::new().await;
    let first = ordered(&trial, "HALTING", "K").await;
    let second = ordered(&trial, "HALTING", "K").await;
    trial.next(Outcome::Refused("400".into()));
    for _ in 0..20 {
        trial.work().await;
        trial.pass_s(10);
    }
    assert_eq!((trial.state(first), trial.state(second)), (State::Dead, State::Blocked));
    trial.broker.release(first.delivery(1)).await.unwrap();
    trial.work().await;
    assert_eq!(trial.state(second), State::Acknowledged);
}

#[tokio::test]
async fn a_dead_one_lets_others_pass_where_the_route_says_so() {
    let trial = Trial::new().await;
    let first = ordered(&trial, "IN-ORDER", "K").await;
    let second = ordered(&trial, "IN-ORDER", "K").await;
    trial.next(Outcome::Refused("400".into()));
    for _ in 0..6 {
        trial.work().await;
        trial.pass_s(10);
    }
    assert_eq!((trial.state(first), trial.state(second)), (State::Dead, State::Acknowledged));
    assert_eq!(trial.pushed.lock().unwrap().last().unwrap().gap, 1, "with a mark");
}

#[tokio::test]
async fn those_that_wait_for_an_earlier_one_take_no_place_at_their_endpoint() {
    let trial = Trial::new().await;
    trial.next(failed("503"));
    for _ in 0..10 {
        ordered(&trial, "IN-ORDER", "K").await;
    }
    trial.work().await;
    trial.work().await;
    trial.pass_s(3);
    let other = trial.send("HOOK", "x").await.id;
    trial.pass_s(28);
    trial.work().await;
    assert_eq!(trial.state(other), State::Acknowledged);
}

#[tokio::test]
async fn a_long_line_behind_a_halted_one_is_seldom_looked_at() {
    let trial = Trial::new().await;
    let first = ordered(&trial, "HALTING", "K").await;
    trial.next(Outcome::Refused("400".into()));
    trial.work().await;
    let mut line = Vec::new();
    for _ in 0..20 {
        line.push(ordered(&trial, "HALTING", "K").await);
    }
    for _ in 0..120 {
        trial.work().await;
        trial.pass_s(30);
    }
    let versions = |id: &MessageId| {
        let store = trial.broker.store();
        store.messages().delivery(id.delivery(1)).unwrap().unwrap().version
    };
    assert!(line.iter().skip(1).all(|id| versions(id) < 20), "an hour of waiting");
    assert!(line.iter().all(|id| trial.story(*id, 1) == ["ready", "blocked"]));
    trial.broker.release(first.delivery(1)).await.unwrap();
    trial.work().await;
    assert_eq!(trial.state(line[0]), State::Acknowledged);
}

#[tokio::test]
async fn what_is_under_way_is_not_disturbed_when_an_earlier_one_is_given_up() {
    let trial = Trial::new().await;
    let first = ordered(&trial, "IN-ORDER", "K").await;
    trial.next(Outcome::Refused("400".into()));
    trial.work().await;
    let second = ordered(&trial, "IN-ORDER", "K").await;
    for _ in 0..6 {
        trial.broker.work_once(&deadly()).await;
        trial.pass_s(60);
    }
    assert_eq!(trial.state(second), State::Quarantined);
    // Sent again, the first one stands before the second, and is refused again.
    let again = trial.broker.resend(first.delivery(1), "me", "asked to").await.unwrap();
    trial.next(Outcome::Refused("400".into()));
    trial.work().await;
    let states: Vec<State> =
        trial.broker.track(first).unwrap().deliveries.iter().map(|one| one.state).collect();
    assert_eq!((states, again.number()), (vec![State::Dead, State::Dead], 2));
    assert_eq!(trial.state(second), State::Quarantined);
}

#[tokio::test]
async fn one_whose_worker_died_waits_for_an_earlier_one_like_any_other() {
    let trial = Trial::new().await;
    let first = ordered(&trial, "IN-ORDER", "K").await;
    trial.next(Outcome::Refused("400".into()));
    trial.work().await;
    let second = ordered(&trial, "IN-ORDER", "K").await;
    trial.broker.work_once(&deadly()).await;
    assert_eq!(trial.state(second), State::Leased);
    trial.broker.resend(first.delivery(1), "me", "asked to").await.unwrap();
    trial.next(Outcome::Failed { why: "503".into(), after_s: Some(3_600) });
    trial.work().await;
    trial.pass_s(60);
    trial.work().await;
    assert_eq!(trial.state(second), State::Blocked);
}

#[tokio::test]
async fn wherever_a_worker_dies_the_next_of_a_key_need_not_wait_for_its_own_time() {
    for nth in 2..30 {
        let trial = Trial::new().await;
        let mut sent = Vec::new();
        for _ in 0..4 {
            sent.push(ordered(&trial, "IN-ORDER", "K").await);
        }
        let script = store::faulty::Script::new().stop_at_commit(nth);
        let store = store::Store::faulty(trial.broker.store().clone(), script);
        let settings = Settings { lease_s: 1, ..trial.broker.settings().clone() };
        let dice = base::Dice::seeded(nth);
        let doomed = Broker::new(store, trial.clock.clone(), dice, settings).unwrap();
        for _ in 0..4 {
            doomed.work_once(&trial.carry).await;
        }
        // Its lanes are anybody's again.
        trial.pass_s(2);
        for _ in 0..5 {
            trial.work().await;
        }
        let states: Vec<State> = sent.iter().map(|id| trial.state(*id)).collect();
        assert!(states.iter().all(|state| *state == State::Acknowledged), "{nth}: {states:?}");
    }
}

#[tokio::test]
async fn nobody_can_ask_us_to_stay_away_for_ever() {
    let trial = Trial::new().await;
    let id = trial.send("HOOK", "x").await.id;
    trial.next(Outcome::Failed { why: "429".into(), after_s: Some(u32::MAX) });
    trial.work().await;
    trial.pass_s(7_200 + 5);
    trial.work().await;
    assert_eq!(trial.state(id), State::Acknowledged);
}

#[tokio::test]
async fn the_next_of_a_key_goes_once_the_receiver_has_spoken() {
    let trial = Trial::new().await;
    let mut sent = Vec::new();
    for _ in 0..4 {
        sent.push(ordered(&trial, "THINKING", "K").await);
    }
    trial.work().await;
    trial.broker.judge(sent[0].delivery(1), true, "", "THINKS").await.unwrap();
    trial.work().await;
    assert_eq!(trial.state(sent[1]), State::Sent, "a judgement lets it go");
    let reply = Envelope { in_reply_to: Some(sent[1].into()), ..letter("THINKS", "ALPHA") };
    trial.try_send(reply, "x").await.unwrap();
    assert_eq!(trial.state(sent[1]), State::Answered);
    assert_eq!(trial.state(sent[2]), State::Ready, "and so does an answer");
    trial.broker.cancel(sent[2], "ALPHA").await.unwrap();
    assert_eq!(trial.state(sent[3]), State::Ready, "and one that is taken back");
}

#[tokio::test]
async fn a_receiver_that_says_no_refuses_at_once_or_later() {
    let trial = Trial::new().await;
    trial.next(Outcome::Unwanted("the code 7".into()));
    let at_once = trial.send("THINKS", "hello").await.id;
    trial.work().await;
    assert_eq!(trial.state(at_once), State::Refused);
    let later = trial.send("THINKS", "hello again").await.id;
    trial.work().await;
    assert_eq!(trial.state(later), State::Sent);
    let no = Envelope {
        in_reply_to: Some(later.into()),
        refuses: "the code 8".into(),
        ..letter("THINKS", "ALPHA")
    };
    trial.try_send(no, "x").await.unwrap();
    assert_eq!(trial.state(later), State::Refused);
    for (id, code) in [(at_once, "the code 7"), (later, "the code 8")] {
        let history = trial.broker.history(id.delivery(1)).unwrap();
        let why = &history.last().unwrap().note.why;
        assert!(why.starts_with(code), "{why}");
    }
}

fn paced_letter() -> Envelope {
    let pace = crate::Pace { retries: 2, every_s: 10, within_s: 100 };
    Envelope { pace: Some(pace), ..letter("ALPHA", "THINKS") }
}

fn word_of(about: MessageId, acknowledges: bool) -> Envelope {
    let in_reply_to = Some(about.into());
    Envelope { in_reply_to, acknowledges, ..letter("THINKS", "ALPHA") }
}

#[tokio::test]
async fn what_nobody_acknowledges_is_pushed_again_at_its_senders_pace_and_then_given_up() {
    let trial = Trial::new().await;
    let id = trial.try_send(paced_letter(), "x").await.unwrap().id;
    for _ in 0..6 {
        trial.work().await;
        trial.pass_s(10);
    }
    assert_eq!(trial.pushes(), 3, "once, and two times more");
    assert_eq!(trial.state(id), State::Sent);
    trial.pass_s(50);
    trial.work().await;
    assert_eq!(trial.state(id), State::Expired);
    assert_eq!(trial.waiting("ALPHA").len(), 1, "its sender is told");
}

#[tokio::test]
async fn a_failed_push_is_tried_again_at_its_senders_pace() {
    let trial = Trial::new().await;
    let id = trial.try_send(paced_letter(), "x").await.unwrap().id;
    for expected in [1, 2, 3, 3] {
        trial.next(failed("connection refused"));
        trial.work().await;
        assert_eq!((trial.pushes(), trial.state(id)), (expected, State::Waiting));
        trial.pass_s(10);
    }
}

#[tokio::test]
async fn the_word_that_it_arrived_ends_it_and_the_answer_comes_later() {
    let trial = Trial::new().await;
    let id = trial.try_send(paced_letter(), "x").await.unwrap().id;
    trial.work().await;
    trial.try_send(word_of(id, true), "arrived").await.unwrap();
    assert_eq!(trial.state(id), State::Acknowledged);
    trial.try_send(word_of(id, false), "the answer").await.unwrap();
    assert_eq!(trial.story(id, 1), ["ready", "sent", "acknowledged", "answered"]);
    trial.pass_s(200);
    trial.work().await;
    assert_eq!(trial.pushes(), 1, "and it is not pushed again");
}

#[tokio::test]
async fn the_word_that_it_arrived_counts_though_the_push_seemed_to_fail() {
    let trial = Trial::new().await;
    let id = trial.try_send(paced_letter(), "x").await.unwrap().id;
    trial.next(failed("no answer"));
    trial.work().await;
    trial.try_send(word_of(id, true), "arrived").await.unwrap();
    assert_eq!(trial.story(id, 1), ["ready", "waiting", "acknowledged"]);
}

#[tokio::test]
async fn an_endpoint_that_thinks_about_it_may_be_done_at_once() {
    let trial = Trial::new().await;
    let id = trial.try_send(paced_letter(), "x").await.unwrap().id;
    trial.next(Outcome::Acknowledged);
    trial.work().await;
    assert_eq!(trial.story(id, 1), ["ready", "acknowledged"]);
}
