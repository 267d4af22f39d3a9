use base::{Clock, Dice};
use broker::{Broker, Settings};
use store::{Store, Transaction};

use crate::model::File;

const FILE: &str = r#"
[[organisation]]
ods = "Y99999"
name = "Hill Road Surgery"
kind = "gp-practice"

[[mailbox]]
id = "y99999hc001"
organisation = "y99999"
name = "Letters"
password = "a password"
shared_key = "a key"

[[mailbox]]
id = "Y99999HC002"
organisation = "Y99999"
password = "another"
shared_key = "a key"

[[endpoint]]
name = "hill-road"
url = "https://hill-road.example/letters"
wire = "plain"
organisation = "Y99999"

[[endpoint]]
name = "laboratory"
url = "mllps://laboratory.example:2576"
wire = "mllp"

[[workflow]]
id = "LETTER"
name = "Letters"
senders = ["Y99999HC001"]
receivers = ["Y99999HC002"]

[[route]]
name = "letters"
to = "Y99999HC001"
kind = "LETTER*"
deliver = ["Y99999HC001", "hill-road"]

[[subscription]]
id = "changes"
owner = "Y99999"
event = "pds-change-of-gp-2"
filters = [["generalpractitioner", "Y99999"]]
deliver = "Y99999HC002"
"#;

fn store(folder: &tempfile::TempDir) -> Store {
    Store::open(folder.path(), Clock::System, &Dice::System).unwrap()
}

#[tokio::test]
async fn a_mailbox_may_have_rates_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let rates = "[mailbox.ratelimiting.mesh]\nquota = { limit = 5, timeunit = \"hour\" }\n";
    let text = FILE.replacen("[[endpoint]]", &format!("{rates}\n[[endpoint]]"), 1);
    let difference = File::parse(&text).unwrap().compare(&store).unwrap();
    store.commit(difference.transaction()).await.unwrap();
    let known = crate::model::with_rates(&store).unwrap();
    assert_eq!(known.keys().collect::<Vec<_>>(), ["mailbox Y99999HC002"]);
    let quota = known["mailbox Y99999HC002"]["mesh"].quota.as_ref().unwrap();
    assert_eq!((quota.limit, quota.window_s()), (5, 3600));
    let again = File::parse(&text).unwrap().compare(&store).unwrap();
    assert_eq!(again.records, []);
    let wrong = text.replace("quota = ", "spikeArrest.ratelimit = \"often\"\nquota = ");
    let mistakes = File::parse(&wrong).unwrap().compare(&store).unwrap_err();
    assert!(mistakes.contains("mailbox Y99999HC002: ratelimit 'often' is no rate"), "{mistakes}");
}

#[tokio::test]
async fn what_is_applied_is_what_the_broker_goes_by() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let file = File::parse(FILE).unwrap();
    let first = file.compare(&store).unwrap();
    assert_eq!(
        first.created,
        [
            "organisation Y99999",
            "mailbox-secret Y99999HC001",
            "mailbox Y99999HC001",
            "mailbox-secret Y99999HC002",
            "mailbox Y99999HC002",
            "endpoint hill-road",
            "endpoint laboratory",
            "workflow LETTER",
            "route letters",
            "subscription changes",
        ]
    );
    let transaction = first.records.into_iter().fold(Transaction::new(), Transaction::record);
    store.commit(transaction).await.unwrap();
    let again = file.compare(&store).unwrap();
    assert_eq!((again.created.len(), again.updated.len(), again.unchanged), (0, 0, 10));
    let changed = File::parse(&FILE.replace("a password", "a new one")).unwrap();
    assert_eq!(changed.compare(&store).unwrap().updated, ["mailbox-secret Y99999HC001"]);

    let dice = Dice::seeded(1);
    let broker = Broker::new(store, Clock::System, dice, Settings::default()).unwrap();
    let table = broker.directory().table();
    let mailbox = table.mailbox("Y99999HC001").unwrap();
    assert_eq!((mailbox.organisation.as_str(), mailbox.name.as_str()), ("Y99999", "Letters"));
    assert_eq!(
        table.endpoint("hill-road").unwrap().push_s_max,
        30,
        "what is left out has a default"
    );
    let in_order = |name: &str| table.endpoint(name).unwrap().in_order;
    assert!(in_order("laboratory") && !in_order("hill-road"), "who speaks MLLP counts on order");
    assert_eq!(table.route("Y99999HC001", "LETTER_ACK").unwrap().deliver.len(), 2);
    assert_eq!(table.workflow("LETTER").unwrap().receivers, ["Y99999HC002"]);
}

const MISTAKEN: &str = r#"
[[mailbox]]
id = "A-1"
organisation = "NOBODY"
password = ""
shared_key = "a key"
pasword = "hunter2"

[[mailbox]]
id = "LONELY"
organisation = "NOBODY"

[[workflow]]
id = "LETTER"
receivers = ["NOWHERE", "lonely"]

[[endpoint]]
name = "LONELY"
url = "ftp://x.example"
wire = "plain"

[[endpoint]]
name = "crowd#ed"
url = "https://x.example"
wire = "pigeon"
pushes_max = 0

[[route]]
name = "nowhere"
to = ""
deliver = []
halt = true
deadline_s = -1

[[route]]
name = "two"
to = "A"
deliver = ["LONELY", "NOWHERE"]

[[subscription]]
id = "nothing"
owner = "me"
event = ""
deliver = "NOWHERE"
"#;

#[test]
fn every_mistake_is_named_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let said = File::parse(MISTAKEN).unwrap().compare(&store(&folder)).unwrap_err();
    for mistake in [
        "mailbox A-1: an id is 1 to 64 letters and digits",
        "mailbox A-1: there is no organisation NOBODY",
        "mailbox A-1: the password or the shared key is empty",
        "mailbox A-1: 'pasword' is not known. hint: id, organisation",
        "mailbox LONELY: missing field `password`",
        "workflow LETTER: there is no mailbox NOWHERE",
        "endpoint LONELY: there is a mailbox of that name",
        "endpoint LONELY: the url begins neither",
        "endpoint crowd#ed: a name has 1 to 64 bytes and no '#'",
        "endpoint crowd#ed: no wire is called 'pigeon'",
        "endpoint crowd#ed: pushes_max and push_s_max are 1 or more",
        "route nowhere: it names no address",
        "route nowhere: only an ordered route can halt",
        "route nowhere: a deadline is 0 seconds or more",
        "route two: there is no mailbox or endpoint NOWHERE",
        "subscription nothing: it names no event",
        "subscription nothing: there is no mailbox or endpoint NOWHERE",
    ] {
        assert!(said.contains(mistake), "{mistake} is not in\n{said}");
    }
    assert!(!said.contains("hunter2"), "a secret is in\n{said}");
    assert!(!said.contains("no mailbox lonely"), "{said}");
}

#[test]
fn what_is_named_twice_is_a_mistake() {
    let folder = tempfile::tempdir().unwrap();
    let twice = FILE.replace("Y99999HC002", "Y99999HC001");
    let said = File::parse(&twice).unwrap().compare(&store(&folder)).unwrap_err();
    assert!(said.contains("mailbox Y99999HC001: named twice"), "{said}");
}
