//! Clients as an operator makes, renews and ends them.

use base::{Clock, Dice};
use security::signing::PrivateKey;
use store::Store;

use super::*;

struct Trial {
    ground: Ground,
    _folder: tempfile::TempDir,
}

const PLACE: &str = "
    [[organisation]]
    ods = 'Y99999'
    name = 'Hill'
    kind = 'gp-practice'
    [[system]]
    asid = '200000000001'
    organisation = 'Y99999'
    name = 'Hill'
";

impl Trial {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), Clock::System, &Dice::System).unwrap();
        let data = folder.path().to_owned();
        let clock = Clock::stopped("2026-01-01T00:00:00Z".parse().unwrap());
        let ground = Ground { store, data, live: None, clock };
        let trial = Self { ground, _folder: folder };
        let apply = super::super::Apply { text: PLACE.into(), dry_run: false };
        super::super::Order::Apply(apply).carry_out(&trial.ground).await.unwrap();
        trial
    }

    async fn order(&self, order: Order) -> Result<Value, Failure> {
        order.carry_out(&self.ground).await
    }

    async fn add(&self, id: &str, jwks: Value) -> Result<Value, Failure> {
        let client = json!({
            "id": id, "name": "Hill Road", "system": "200000000001", "access": ["application"],
            "scopes": ["one"], "jwks": jwks,
        });
        self.order(Order::Add(client)).await
    }

    async fn rotate(&self, jwks: Value, overlap_s: u64) -> Result<Value, Failure> {
        let (id, jwks) = ("hill".to_owned(), Some(jwks));
        self.order(Order::Rotate(Rotate { id, jwks, api_key: None, overlap_s })).await
    }
}

fn jwks(kid: &str) -> Value {
    json!({ "keys": [PrivateKey::p384().unwrap().jwk(kid)] })
}

fn kids(shown: &Value) -> Vec<String> {
    shown["keys"].as_array().unwrap().iter().map(kid).collect()
}

#[tokio::test]
async fn a_client_is_added_once_and_listed() {
    let trial = Trial::new().await;
    let added = trial.add("hill", jwks("a")).await.unwrap();
    assert_eq!(added["client_id"], "hill");
    assert_eq!((kids(&added), &added["scopes"]), (vec!["a".into()], &json!(["one"])));
    assert!(trial.add("hill", jwks("b")).await.unwrap_err().contains("there is one"));
    assert!(trial.add("", jwks("b")).await.is_err());
    let unplaced = json!({ "id": "x", "name": "x", "system": "2", "access": ["application"] });
    let why = trial.order(Order::Add(unplaced)).await.unwrap_err();
    assert!(why.contains("there is no system 2"), "{why}");
    let list = trial.order(Order::List).await.unwrap();
    assert_eq!(list, json!([added]));
}

#[tokio::test]
async fn an_old_key_counts_beside_the_new_one_for_as_long_as_was_said() {
    let trial = Trial::new().await;
    trial.add("hill", jwks("a")).await.unwrap();
    let rotated = trial.rotate(jwks("b"), 3600).await.unwrap();
    assert_eq!(kids(&rotated), ["a", "b"]);
    assert_eq!(rotated["keys"][0]["until"], "2026-01-01T01:00:00Z");
    assert_eq!(rotated["keys"][1]["until"], Value::Null);
    let why = trial.rotate(jwks("b"), 60).await.unwrap_err();
    assert!(why.contains("new kid"), "{why}");
    // A later rotation does not let the first key live longer.
    let rotated = trial.rotate(jwks("c"), 24 * 3600).await.unwrap();
    assert_eq!(kids(&rotated), ["a", "b", "c"]);
    assert_eq!(rotated["keys"][0]["until"], "2026-01-01T01:00:00Z");
    trial.ground.clock.advance_ms(3_600_000);
    let listed = trial.order(Order::List).await.unwrap();
    assert_eq!(kids(&listed[0]), ["b", "c"], "its time is over");
    let rotated = trial.rotate(jwks("d"), 0).await.unwrap();
    assert_eq!(kids(&rotated), ["d"], "without an overlap the old ones go at once");
    let record = known(&trial.ground, CLIENT, "hill").unwrap().unwrap();
    assert!(!record.contains("\"kid\":\"a\""), "{record}");
}

#[tokio::test]
async fn a_revoked_client_stays_so_whatever_is_written_of_it() {
    let trial = Trial::new().await;
    trial.add("hill", jwks("a")).await.unwrap();
    let revoked = trial.order(Order::Revoke("hill".into())).await.unwrap();
    assert_eq!(revoked["revoked"], "2026-01-01T00:00:00Z");
    for again in [
        trial.order(Order::Revoke("hill".into())).await,
        trial.rotate(jwks("b"), 0).await,
        trial.add("hill", jwks("b")).await,
    ] {
        assert!(again.is_err(), "{again:?}");
    }
    let text = "[[client]]\nid = 'hill'\nname = 'x'\nsystem = '200000000001'\naccess = ['worker']";
    let apply = super::super::Apply { text: text.into(), dry_run: false };
    let why = super::super::Order::Apply(apply).carry_out(&trial.ground).await.unwrap_err();
    assert!(why.contains("was revoked"), "{why}");
    assert!(trial.order(Order::Revoke("nobody".into())).await.is_err());
}

#[tokio::test]
async fn a_file_that_names_no_keys_leaves_those_that_were_rotated() {
    let trial = Trial::new().await;
    trial.add("hill", jwks("a")).await.unwrap();
    trial.rotate(jwks("b"), 60).await.unwrap();
    let text = "[[client]]\nid = 'hill'\nname = 'New'\nsystem = '200000000001'\n\
                access = ['application']";
    let apply =
        || super::super::Order::Apply(super::super::Apply { text: text.into(), dry_run: false });
    let first = apply().carry_out(&trial.ground).await.unwrap();
    assert_eq!(first["updated"], json!(["client hill"]));
    let second = apply().carry_out(&trial.ground).await.unwrap();
    assert_eq!(second["unchanged"], 1);
    let listed = trial.order(Order::List).await.unwrap();
    assert_eq!(
        (kids(&listed[0]), &listed[0]["name"]),
        (vec!["a".into(), "b".into()], &json!("New"))
    );
}

#[tokio::test]
async fn private_and_useless_keys_are_refused() {
    let trial = Trial::new().await;
    let mut private = jwks("a");
    private["keys"][0]["d"] = "secret".into();
    let why = trial.add("hill", private.clone()).await.unwrap_err();
    assert!(why.contains("private key") && !why.contains("secret"), "{why}");
    trial.add("hill", jwks("a")).await.unwrap();
    assert!(trial.rotate(private, 0).await.unwrap_err().contains("private key"));
    assert!(trial.rotate(json!({ "keys": [] }), 0).await.is_err());
    let short =
        Rotate { id: "hill".into(), jwks: None, api_key: Some("short".into()), overlap_s: 0 };
    assert!(trial.order(Order::Rotate(short)).await.unwrap_err().contains("16 characters"));
}
