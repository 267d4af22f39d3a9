use std::sync::atomic::{AtomicUsize, Ordering};

use security::signing::PrivateKey;
use serde_json::json;

use super::*;

/// Keys at a URL that serves what is told, and how often it was asked.
fn served(document: &Arc<Mutex<String>>) -> (Keys, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let (document, counted) = (Arc::clone(document), Arc::clone(&asked));
    let fetch = fetch(move |url| {
        counted.fetch_add(1, Ordering::SeqCst);
        let text = document.lock().unwrap().clone();
        async move {
            assert_eq!(url, KeysUrl { url: "https://keys.example".into(), private: false });
            if text.is_empty() { Err("away".to_owned()) } else { Ok(text.into()) }
        }
    });
    (Keys::fetched_by(fetch), asked)
}

fn client() -> Client {
    let record = json!({ "id": "app", "jwks_url": "https://keys.example" });
    serde_json::from_value(record).unwrap()
}

fn set(kids: &[&str]) -> String {
    let key = PrivateKey::p384().unwrap();
    let keys: Vec<_> = kids.iter().map(|kid| key.jwk(kid)).collect();
    json!({ "keys": keys }).to_string()
}

#[tokio::test]
async fn keys_are_kept_for_an_hour_and_asked_for_again_for_an_unknown_one() {
    let document = Arc::new(Mutex::new(set(&["one"])));
    let (keys, asked) = served(&document);
    let client = client();
    // Who asks for which key, at which second; whether it is there then; how often was asked.
    for (at_s, kid, there, times) in [
        (0, "one", true, 1),
        (1, "one", true, 1),
        (59, "two", false, 1),
        (60, "two", false, 2),
        (119, "two", false, 2),
        (3659, "one", true, 2),
        (3660, "one", true, 3),
    ] {
        let set = keys.of(&client, kid, at_s).await.unwrap();
        assert_eq!((set.has(kid), asked.load(Ordering::SeqCst)), (there, times), "{at_s} {kid}");
    }
    *document.lock().unwrap() = set(&["one", "two"]);
    assert!(keys.of(&client, "two", 3720).await.unwrap().has("two"));
}

#[tokio::test]
async fn known_keys_do_while_new_ones_cannot_be_had_and_then_no_more() {
    let document = Arc::new(Mutex::new(String::new()));
    let (keys, asked) = served(&document);
    let client = client();
    let code = |result: Result<Arc<KeySet>, Fault>| result.map(|_| ()).map_err(|it| it.code());
    assert_eq!(code(keys.of(&client, "one", 0).await), Err("PUBLIC_KEY"));
    assert_eq!(code(keys.of(&client, "one", 59).await), Err("PUBLIC_KEY"));
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    *document.lock().unwrap() = set(&["one"]);
    assert_eq!(code(keys.of(&client, "one", 60).await), Ok(()));
    document.lock().unwrap().clear();
    assert!(keys.of(&client, "two", 200).await.unwrap().has("one"));
    assert_eq!(code(keys.of(&client, "one", 3660).await), Err("PUBLIC_KEY"));
    *document.lock().unwrap() = "{\"keys\":[]}".into();
    assert_eq!(code(keys.of(&client, "one", 4000).await), Err("PUBLIC_KEY"));
}

#[tokio::test]
async fn the_keys_in_a_record_come_first_and_without_any_there_are_none() {
    let away = Arc::new(Mutex::new(String::new()));
    let (keys, asked) = served(&away);
    let mut client = client();
    client.jwks = Some(serde_json::from_str(&set(&["one"])).unwrap());
    assert!(keys.of(&client, "one", 0).await.unwrap().has("one"));
    client.jwks = Some(json!({ "keys": [] }));
    assert_eq!(keys.of(&client, "one", 0).await.unwrap_err().public(), UNFIT);
    (client.jwks, client.jwks_url) = (None, None);
    assert_eq!(keys.of(&client, "one", 0).await.unwrap_err().public(), NONE);
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}
