use crate::Refused;
use crate::tests::trial::{Trial, letter};

fn places(trial: &Trial, envelope: &crate::Envelope) -> Result<Vec<(String, bool)>, Refused> {
    let places = trial.broker.directory().table().plan(envelope)?;
    Ok(places.into_iter().map(|place| (place.recipient, place.pushed)).collect())
}

#[tokio::test]
async fn an_address_is_a_mailbox_an_endpoint_or_a_route() {
    let trial = Trial::new().await;
    let go = |to: &str| places(&trial, &letter("ALPHA", to)).unwrap();
    assert_eq!(go("BETA"), [("BETA".to_owned(), false)]);
    assert_eq!(go("HOOK"), [("HOOK".to_owned(), true)]);
    assert_eq!(go("BOTH"), [("BETA".to_owned(), false), ("HOOK".to_owned(), true)]);
}

#[tokio::test]
async fn an_ordering_key_makes_a_queue_of_its_own_and_does_not_show() {
    let trial = Trial::new().await;
    let mut envelope = letter("ALPHA", "IN-ORDER");
    envelope.ordering_key = "9000000009".into();
    let found = places(&trial, &envelope).unwrap();
    let (name, key) = found[0].0.split_once('#').unwrap();
    assert_eq!(name, "HOOK");
    assert!(!key.contains("9000000009"));
    envelope.ordering_key = "other".into();
    assert_ne!(places(&trial, &envelope).unwrap(), found);
}

#[tokio::test]
async fn an_endpoint_may_want_everything_in_one_queue() {
    let trial = Trial::new().await;
    let endpoint = trial.broker.directory().table().endpoint("HOOK").unwrap().clone();
    let record =
        crate::record(crate::ENDPOINT, "HOOK", &crate::Endpoint { in_order: true, ..endpoint });
    trial.broker.store().commit(store::Transaction::new().record(record)).await.unwrap();
    trial.broker.directory().changed().unwrap();
    let alone = places(&trial, &letter("ALPHA", "HOOK")).unwrap();
    assert!(alone[0].0.starts_with("HOOK#"), "{alone:?}");
    let mut keyed = letter("ALPHA", "IN-ORDER");
    keyed.ordering_key = "9000000009".into();
    assert_eq!(places(&trial, &keyed).unwrap(), alone, "whatever key the message has");
}

#[tokio::test]
async fn who_is_not_there_or_may_not_is_refused() {
    let trial = Trial::new().await;
    let refused = |from: &str, to: &str, kind: &str| {
        let envelope = crate::Envelope { kind: kind.into(), ..letter(from, to) };
        places(&trial, &envelope).unwrap_err()
    };
    assert!(
        matches!(refused("ALPHA", "NOBODY", "X"), Refused::NoRecipient(name) if name == "NOBODY")
    );
    assert!(matches!(refused("ALPHA", "CLOSED", "X"), Refused::Closed(_)));
    let first = refused("ALPHA", "NOBODY", "CLOSED_SHOP");
    assert!(matches!(first, Refused::NoRecipient(_)), "whether there is somebody comes first");
    assert!(matches!(refused("BETA", "BETA", "CLOSED_SHOP"), Refused::SenderMayNot));
    assert!(matches!(refused("ALPHA", "ALPHA", "CLOSED_SHOP"), Refused::RecipientMayNot));
}
