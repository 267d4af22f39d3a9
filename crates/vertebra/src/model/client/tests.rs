use base::{Clock, Dice};
use security::signing::PrivateKey;
use serde_json::json;
use store::Transaction;

use super::super::File;
use super::*;

const KEY: &str = "an-api-key-of-some-length";

fn file(more: &str) -> File {
    let text = format!(
        "[[organisation]]\nods = \"Y99999\"\nname = \"O\"\nkind = \"k\"\n\
         [[system]]\nasid = \"200000000001\"\norganisation = \"Y99999\"\nname = \"S\"\n\
         [[client]]\nid = \"app\"\nname = \"App\"\nsystem = \"200000000001\"\n\
         access = [\"application\"]\n{more}\n"
    );
    File::parse(&text).unwrap()
}

async fn apply(store: &Store, file: &File) -> usize {
    let difference = file.compare(store).unwrap();
    let changed = difference.records.len();
    let all = difference.records.into_iter().fold(Transaction::new(), Transaction::record);
    store.commit(all).await.unwrap();
    changed
}

#[tokio::test]
async fn an_api_key_is_given_once_and_kept_as_a_digest() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), Clock::System, &Dice::System).unwrap();
    let keyed = file(&format!("api_key = \"{KEY}\""));
    assert_eq!(apply(&store, &keyed).await, 3);
    assert_eq!(apply(&store, &keyed).await, 0);
    assert_eq!(apply(&store, &file("")).await, 0, "the key stays though the file has none");
    assert_eq!(apply(&store, &file("smart = true")).await, 1);
    let kept = store.directory().get("client", "app").unwrap().unwrap();
    assert!(!kept.contains(KEY) && kept.contains("\"smart\":true"), "{kept}");
    assert_eq!(with_keys(&store).unwrap(), [(digest(KEY.as_bytes()), "app".to_owned())]);
    assert_eq!(apply(&store, &file("api_key = \"another-of-some-length\"")).await, 1);
    let known = with_keys(&store).unwrap();
    assert_eq!(known, [(digest(b"another-of-some-length"), "app".to_owned())]);
}

#[test]
fn a_key_set_may_be_a_table_or_text() {
    let jwks = json!({ "keys": [PrivateKey::p384().unwrap().jwk("one")] });
    let text = format!("jwks = '{jwks}'");
    let table = format!("jwks = {}", toml::Value::try_from(&jwks).unwrap());
    for written in [text, table] {
        let file = file(&written);
        assert_eq!(file.client[0].mistakes(), [""; 0]);
        let body: Value = serde_json::from_str(&file.client[0].record().body.unwrap()).unwrap();
        assert_eq!(body["jwks"], jwks);
    }
}

#[test]
fn what_is_wrong_with_a_client_is_named_and_no_key_is_quoted() {
    for (written, hint) in [
        ("api_key = \"short\"", "16 characters"),
        ("jwks = 'x'", "list of 'keys'"),
        ("jwks = { keys = [{ kty = \"RSA\", d = \"AQAB\" }] }", "private key"),
        ("jwks = { keys = [] }\njwks_url = \"https://a\"", "one of them"),
        ("jwks_url = \"http://a\"", "must be https"),
        ("scopes = [\"a b\"]", "no scope"),
        ("ratelimiting.pds.spikeArrest.ratelimit = \"often\"", "900pm"),
    ] {
        let mistakes = file(written).client[0].mistakes().join("\n");
        assert!(mistakes.contains(hint) && !mistakes.contains("short"), "{written}: {mistakes}");
    }
    assert!(file("jwks_url = \"http://a\"\njwks_private = true").client[0].mistakes().is_empty());
    let one = file(&format!("api_key = \"{KEY}\"")).client.remove(0);
    let two = [one.clone(), one];
    assert_eq!(shared_keys(&two).len(), 1);
    assert_eq!(unhex(&hex(&[7; 32])), Some([7; 32]));
    assert_eq!((unhex("07"), unhex(&"g".repeat(64)), unhex(&"0".repeat(66))), (None, None, None));
}
