use base::{Clock, Dice};

use super::*;

const FILE: &str = r#"
[[organisation]]
ods = "y99999"
name = "Hill Road Surgery"
kind = "gp-practice"

[[system]]
asid = "200000000001"
organisation = "Y99999"
name = "Hill Road clinical system"
interactions = ["pds:get-patient"]

[[client]]
id = "hill-road"
name = "Hill Road"
system = "200000000001"
access = ["application", "worker"]
"#;

fn store(folder: &tempfile::TempDir) -> Store {
    Store::open(folder.path(), Clock::System, &Dice::System).unwrap()
}

#[tokio::test]
async fn applying_twice_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let file = File::parse(FILE).unwrap();
    let first = file.compare(&store).unwrap();
    assert_eq!(first.created, ["organisation Y99999", "system 200000000001", "client hill-road"]);
    let mut transaction = store::Transaction::new();
    for record in first.records {
        transaction = transaction.record(record);
    }
    store.commit(transaction).await.unwrap();
    let second = file.compare(&store).unwrap();
    assert_eq!((second.created.len(), second.updated.len(), second.unchanged), (0, 0, 3));
    let renamed = File::parse(&FILE.replace("Hill Road Surgery", "Hill Lane Surgery")).unwrap();
    assert_eq!(renamed.compare(&store).unwrap().updated, ["organisation Y99999"]);
}

#[test]
fn every_mistake_is_named_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let text = r#"
[[organisation]]
ods = "!"
name = ""
kind = ""

[[system]]
asid = "1"
organisation = "NOBODY"
name = ""
interactions = ["get-patient"]

[[client]]
id = "a"
name = ""
system = "2"
access = []

[[client]]
id = "a"
name = ""
system = "1"
access = ["worker"]
"#;
    let mistakes = File::parse(text).unwrap().compare(&store(&folder)).unwrap_err();
    for part in [
        "ODS code",
        "twelve digits",
        "'get-patient' is no",
        "no organisation NOBODY",
        "no system 2",
        "no mode",
        "twice",
    ] {
        assert!(mistakes.contains(part), "'{part}' is missing in:\n{mistakes}");
    }
}

#[test]
fn an_unknown_word_is_a_mistake() {
    assert!(File::parse("[[organization]]\nods = \"X\"").is_err());
}
