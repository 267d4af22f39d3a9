//! Orders through the door, and those that do not get in.

use std::io::Read;
use std::net::Shutdown;

use serde_json::json;
use store::Store;

use super::super::{Apply, Order};
use super::*;

/// A folder whose path is as long as asked for, with an open door.
struct Trial {
    folder: tempfile::TempDir,
    data: PathBuf,
    stop: Stop,
    served: tokio::task::JoinHandle<()>,
}

impl Trial {
    fn start(name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join(name);
        fs::create_dir_all(&data).unwrap();
        let store = Store::open(&data, base::Clock::System, &base::Dice::System).unwrap();
        let (door, stop) = (Door::open(&data).unwrap(), Stop::new());
        let ground = Ground::quiet(store, &data);
        let served = tokio::spawn(door.serve(ground, stop.clone()));
        Self { folder, data, stop, served }
    }

    async fn ask(&self, order: Order) -> Result<Option<Result<Value, Failure>>, Failure> {
        let data = self.data.clone();
        tokio::task::spawn_blocking(move || ask(&data, &order)).await.unwrap()
    }

    async fn say(&self, bytes: &'static [u8]) -> String {
        let path = self.data.join(SOCKET);
        let said = move || {
            let mut stream = Caller::connect(path).unwrap();
            stream.write_all(bytes).unwrap();
            stream.shutdown(Shutdown::Write).unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            answer
        };
        tokio::task::spawn_blocking(said).await.unwrap()
    }

    async fn end(self) -> (tempfile::TempDir, PathBuf) {
        self.stop.cancel();
        self.served.await.unwrap();
        (self.folder, self.data)
    }
}

fn apply(text: &str) -> Order {
    Order::Apply(Apply { text: text.into(), dry_run: false })
}

const SURGERY: &str = "[[organisation]]\nods = \"Y99999\"\nname = \"Hill\"\nkind = \"gp-practice\"";

#[tokio::test]
async fn an_order_is_carried_out_and_noted() {
    let trial = Trial::start("data");
    let did = trial.ask(apply(SURGERY)).await.unwrap().unwrap().unwrap();
    assert_eq!(did, json!({"created": ["organisation Y99999"], "updated": [], "unchanged": 0}));
    let again = trial.ask(apply(SURGERY)).await.unwrap().unwrap().unwrap();
    assert_eq!(again, json!({"created": [], "updated": [], "unchanged": 1}));
    let wrong = trial.ask(apply("[[organisation]]")).await.unwrap().unwrap();
    assert!(wrong.unwrap_err().contains("missing field"));
    let (_folder, data) = trial.end().await;
    assert!(!data.join(SOCKET).exists(), "the socket went with the door");
    let store = Store::open(&data, base::Clock::System, &base::Dice::System).unwrap();
    let mut lines = Vec::new();
    let noted = store.audit().read(0, &mut |_, line| {
        lines.push(line.to_owned());
        true
    });
    noted.unwrap();
    assert_eq!(lines.len(), 1, "what changes nothing is not noted: {lines:?}");
    assert!(lines[0].contains("\"apply\"") && lines[0].contains("\"operator\""));
}

#[tokio::test]
async fn a_folder_with_a_long_name_has_a_door_too() {
    let trial = Trial::start(&"long/".repeat(40));
    assert!(trial.ask(apply(SURGERY)).await.unwrap().unwrap().is_ok());
    trial.end().await;
}

#[tokio::test]
async fn the_socket_is_for_its_owner() {
    let trial = Trial::start("data");
    let mode = fs::metadata(trial.data.join(SOCKET)).unwrap().mode();
    assert_eq!(mode & 0o777, 0o600);
    trial.end().await;
}

#[tokio::test]
async fn nonsense_is_answered_and_does_no_harm() {
    let trial = Trial::start("data");
    assert!(trial.say(b"{\"unheard-of\":{}}\n").await.contains("does not know this order"));
    assert!(trial.say(b"\xff\xfe\n").await.contains("does not know this order"));
    assert_eq!(trial.say(b"{\"apply\":").await, "", "half a line is no order");
    assert_eq!(trial.say(b"").await, "");
    assert!(trial.ask(apply(SURGERY)).await.unwrap().unwrap().is_ok());
    trial.end().await;
}

#[tokio::test]
async fn where_nobody_serves_there_is_nobody_to_ask() {
    let folder = tempfile::tempdir().unwrap();
    assert!(ask(folder.path(), &apply(SURGERY)).unwrap().is_none());
    // What an exchange that was killed leaves behind.
    drop(std::os::unix::net::UnixListener::bind(folder.path().join(SOCKET)).unwrap());
    assert!(ask(folder.path(), &apply(SURGERY)).unwrap().is_none());
    assert!(Door::open(folder.path()).is_ok());
}
