//! Many callers at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};

use super::{JANE, but, new_patient};
use crate::record::KIND;
use crate::tests::trial::{Ask, Heard, Trial, person};

/// Asks until it is not too fast.
async fn insist(trial: &Trial, body: &Value) -> Heard {
    loop {
        let heard = trial.ask(Ask::post("worker", "/Patient", body)).await;
        if heard.status != 429 {
            return heard;
        }
        trial.clock.advance_ms(500);
    }
}

/// What comes back when all of these are asked for at once.
async fn at_once(trial: &Arc<Trial>, bodies: impl Iterator<Item = Value>) -> Vec<Heard> {
    let tasks: Vec<_> = bodies
        .map(|body| {
            let trial = trial.clone();
            tokio::spawn(async move { insist(&trial, &body).await })
        })
        .collect();
    let mut heard = Vec::new();
    for task in tasks {
        heard.push(task.await.unwrap());
    }
    heard
}

/// One creates the person, the others are told the number.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_person_is_created_once_however_many_ask_at_once() {
    let trial = Arc::new(Trial::of(Vec::new()).await);
    let heard = at_once(&trial, (0..24).map(|_| new_patient())).await;
    let mut faults: Vec<String> = heard.iter().map(Heard::fault).collect();
    faults.sort();
    assert_eq!(faults.pop().unwrap(), "201 -");
    assert!(faults.iter().all(|fault| fault == "200 SINGLE_MATCH"), "{faults:?}");
    assert_eq!(trial.people(), 1);
}

/// All get a number of their own, although all of them are offered the sandbox's next one.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_people_are_created_at_once_with_a_number_each() {
    let jane = person(JANE, ("Jane", "Smith"), "2010-10-22", "LS1 6AE");
    let trial = Arc::new(Trial::of(vec![jane]).await);
    let born = |day| but("/birthDate", json!(format!("1982-07-{day:02}")));
    let heard = at_once(&trial, (1..=24).map(born)).await;
    let numbers = heard.iter().map(|heard| heard.body["id"].as_str().unwrap());
    assert_eq!(numbers.collect::<BTreeSet<_>>().len(), 24);
    assert!(trial.house.store.resources().get(KIND, "5182663366").unwrap().is_some());
}
