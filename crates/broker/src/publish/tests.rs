use bytes::Bytes;
use store::Transaction;

use crate::tests::trial::Trial;
use crate::{Form, Publication, Refused, State, Subscription};

fn subscription(id: &str, deliver: &str, filters: &[(&str, &str)]) -> Subscription {
    let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Subscription {
        id: id.into(),
        owner: "test".into(),
        event: "moved".into(),
        filters: filters.iter().map(pair).collect(),
        deliver: deliver.into(),
        kind: format!("KIND_{id}"),
        media_type: String::new(),
        document: String::new(),
    }
}

fn moved(practice: &str) -> Publication {
    Publication {
        event: "moved".into(),
        source: "pds".into(),
        name: None,
        attributes: vec![("practice".into(), practice.into())],
        forms: vec![form("application/json", "{}"), form("application/fhir+json", "{\"f\":1}")],
    }
}

fn form(media_type: &str, body: &str) -> Form {
    Form { media_type: media_type.into(), body: Bytes::copy_from_slice(body.as_bytes()) }
}

#[tokio::test]
async fn an_event_goes_to_each_place_once_and_only_where_it_is_wanted() {
    let trial = Trial::new().await;
    let broker = &trial.broker;
    for one in [
        subscription("1", "BETA", &[("Practice", "Y1")]),
        subscription("2", "BETA", &[]),
        subscription("3", "ALPHA", &[("practice", "Y2")]),
        subscription("4", "HOOK", &[]),
    ] {
        broker.subscribe(&one, Transaction::new()).await.unwrap();
    }
    let (transaction, ids) = broker.publish(Transaction::new(), &moved("Y1")).unwrap();
    assert!(trial.waiting("BETA").is_empty(), "nothing before the commit");
    broker.store().commit(transaction).await.unwrap();
    broker.published(&ids);
    assert_eq!(trial.waiting("BETA"), ids);
    assert!(trial.waiting("ALPHA").is_empty());
    assert_eq!(broker.look("BETA", ids[0]).unwrap().topic, "KIND_1");
    trial.work().await;
    assert_eq!(trial.pushed.lock().unwrap()[0].topic, "KIND_4");
    assert_eq!(broker.track(ids[0]).unwrap().deliveries[1].state, State::Acknowledged);
}

#[tokio::test]
async fn nobody_subscribed_means_no_message() {
    let trial = Trial::new().await;
    let (transaction, ids) = trial.broker.publish(Transaction::new(), &moved("Y1")).unwrap();
    assert!(ids.is_empty());
    trial.broker.store().commit(transaction).await.unwrap();
}

#[tokio::test]
async fn a_subscription_needs_a_place_and_can_end() {
    let trial = Trial::new().await;
    let nowhere = subscription("1", "NOBODY", &[]);
    let refused = trial.broker.subscribe(&nowhere, Transaction::new()).await.unwrap_err();
    assert!(matches!(refused, Refused::NoRecipient(_)));
    let here = subscription("1", "BETA", &[]);
    trial.broker.subscribe(&here, Transaction::new()).await.unwrap();
    assert_eq!(trial.broker.subscriptions(), [here]);
    trial.broker.unsubscribe("1", Transaction::new()).await.unwrap();
    assert!(trial.broker.subscriptions().is_empty());
}

#[tokio::test]
async fn an_event_that_nobody_collects_is_reported_to_nobody() {
    let trial = Trial::new().await;
    trial.broker.subscribe(&subscription("1", "BETA", &[]), Transaction::new()).await.unwrap();
    let (transaction, ids) = trial.broker.publish(Transaction::new(), &moved("Y1")).unwrap();
    trial.broker.store().commit(transaction).await.unwrap();
    trial.pass_s(trial.broker.settings().deadline_s + 1);
    trial.work().await;
    assert_eq!(trial.state(ids[0]), State::Expired);
    assert!(trial.broker.history(ids[0].delivery(1)).unwrap()[1].note.why.contains("nobody"));
}

#[tokio::test]
async fn each_subscriber_gets_the_form_that_it_asked_for() {
    let trial = Trial::new().await;
    let broker = &trial.broker;
    let fhir = Subscription {
        media_type: "application/fhir+json".into(),
        ..subscription("2", "BETA", &[])
    };
    broker.subscribe(&subscription("1", "ALPHA", &[]), Transaction::new()).await.unwrap();
    broker.subscribe(&fhir, Transaction::new()).await.unwrap();
    let (transaction, ids) = broker.publish(Transaction::new(), &moved("Y1")).unwrap();
    broker.store().commit(transaction).await.unwrap();
    let got = |mailbox: &str| {
        let parcel = broker.look(mailbox, trial.waiting(mailbox)[0]).unwrap();
        (parcel.envelope.media_type, parcel.body)
    };
    assert_eq!(ids.len(), 2);
    assert_eq!(got("ALPHA"), ("application/json".into(), Bytes::from("{}")));
    assert_eq!(got("BETA"), ("application/fhir+json".into(), Bytes::from("{\"f\":1}")));
}

#[tokio::test]
async fn an_event_with_a_name_is_told_once() {
    let trial = Trial::new().await;
    let broker = &trial.broker;
    broker.subscribe(&subscription("1", "BETA", &[]), Transaction::new()).await.unwrap();
    let named = |name: &str| Publication { name: Some(name.into()), ..moved("Y1") };
    let tell = async |publication| broker.tell(&publication, Transaction::new()).await;
    assert!(!tell(named("a")).await.unwrap());
    assert!(tell(named("a")).await.unwrap(), "told before");
    let other = Publication { attributes: Vec::new(), ..named("a") };
    assert!(matches!(tell(other).await, Err(Refused::OtherContent(_))));
    assert_eq!(trial.waiting("BETA").len(), 1);
    assert!(!tell(named("b")).await.unwrap());
    assert!(!tell(Publication { source: "other".into(), ..named("a") }).await.unwrap());
    assert!(!tell(moved("Y1")).await.unwrap(), "no name, no memory");
    assert!(!tell(moved("Y1")).await.unwrap());
    assert_eq!(trial.waiting("BETA").len(), 5);
}

#[tokio::test]
async fn a_closed_mailbox_is_told_nothing() {
    let trial = Trial::new().await;
    let closed = subscription("1", "CLOSED", &[]);
    trial.broker.subscribe(&closed, Transaction::new()).await.unwrap();
    assert!(trial.broker.anybody_wants("moved") && !trial.broker.anybody_wants("died"));
    let (_, ids) = trial.broker.publish(Transaction::new(), &moved("Y1")).unwrap();
    assert!(ids.is_empty());
}

#[tokio::test]
async fn a_subscription_that_would_make_publications_fail_is_refused() {
    let trial = Trial::new().await;
    let kind = "K".repeat(301);
    let long = Subscription { kind, ..subscription("1", "BETA", &[]) };
    let refused = trial.broker.subscribe(&long, Transaction::new()).await.unwrap_err();
    assert!(matches!(refused, Refused::TooLarge), "{refused:?}");
}
