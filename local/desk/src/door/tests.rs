use http::{HeaderMap, Method};
use serde_json::json;

use super::*;
use crate::{Client, Trouble};

/// A door that answers with the length of what it was given.
async fn opened(folder: &Folder) -> (String, watch::Sender<bool>, Stop) {
    let door = Door::open(folder, "systems").await.unwrap();
    let (url, stop) = (door.url(), Stop::new());
    let (send, present) = watch::channel(true);
    let measure = |request: Request| async move {
        match request.body {
            Ok(body) => Reply::json(StatusCode::OK, "application/json", &json!(body.len())),
            Err(status) => Reply::new(status),
        }
    };
    tokio::spawn(door.serve(measure, present, stop.clone()));
    (url, send, stop)
}

async fn post(url: &str, bytes: usize) -> Result<u16, Trouble> {
    let client = Client::new().unwrap();
    let body = Bytes::from(vec![b'x'; bytes]);
    let answer = client.send(Method::POST, url, HeaderMap::new(), body).await?;
    Ok(answer.status)
}

/// Whether a call has such an answer soon.
async fn comes_to(url: &str, such: impl Fn(Result<u16, Trouble>) -> bool) -> bool {
    for _ in 0..1_000 {
        if such(post(url, 1).await) {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    false
}

#[tokio::test]
async fn bodies_are_read_up_to_the_limit() {
    let place = tempfile::tempdir().unwrap();
    let (url, _present, _) = opened(&Folder::open(place.path()).unwrap()).await;
    assert_eq!(post(&url, LOCAL_BODY_BYTES_MAX).await.unwrap(), 200);
    assert_eq!(post(&url, LOCAL_BODY_BYTES_MAX + 1).await.unwrap(), 413);
}

#[tokio::test]
async fn a_system_that_is_away_has_no_door_and_comes_back_to_the_same() {
    let place = tempfile::tempdir().unwrap();
    let (url, present, _) = opened(&Folder::open(place.path()).unwrap()).await;
    present.send(false).unwrap();
    assert!(comes_to(&url, |answer| matches!(answer, Err(Trouble::Unreachable))).await);
    present.send(true).unwrap();
    assert!(comes_to(&url, |answer| matches!(answer, Ok(200))).await);
}

#[tokio::test]
async fn the_address_is_the_same_after_a_restart_if_nobody_took_it() {
    let place = tempfile::tempdir().unwrap();
    let folder = Folder::open(place.path()).unwrap();
    let first = Door::open(&folder, "systems").await.unwrap();
    let url = first.url();
    let taken = Door::open(&folder, "systems").await.unwrap();
    assert_ne!(taken.url(), url, "somebody else has it");
    folder.put("door", "systems", &first.address.port()).await.unwrap();
    drop(first);
    assert_eq!(Door::open(&folder, "systems").await.unwrap().url(), url);
}
