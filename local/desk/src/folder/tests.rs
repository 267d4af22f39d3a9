use serde_json::{Value, json};

use super::*;

#[tokio::test]
async fn a_record_is_there_again_when_the_folder_is_opened_anew() {
    let place = tempfile::tempdir().unwrap();
    let folder = Folder::open(place.path()).unwrap();
    folder.put("letter", "one", &json!({"n": 1})).await.unwrap();
    folder.put("letter", "one", &json!({"n": 2})).await.unwrap();
    folder.put("letter", "two", &json!({"n": 3})).await.unwrap();
    let again = Folder::open(place.path()).unwrap();
    let one: Option<Value> = again.get("letter", "one").await.unwrap();
    assert_eq!(one, Some(json!({"n": 2})));
    assert_eq!(again.all::<Value>("letter").await.unwrap().len(), 2);
    assert_eq!(again.get::<Value>("parcel", "one").await.unwrap(), None);
    again.remove("letter", "one").await.unwrap();
    again.remove("letter", "one").await.unwrap();
    assert_eq!(again.all::<Value>("letter").await.unwrap(), [json!({"n": 3})]);
}

#[tokio::test]
async fn no_name_leads_out_of_the_folder() {
    let place = tempfile::tempdir().unwrap();
    let inner = place.path().join("inner");
    let folder = Folder::open(&inner).unwrap();
    for name in ["../../out", "/etc/passwd", "..", "a\0b", "ä"] {
        folder.put("letter", name, &json!(name)).await.unwrap();
        assert_eq!(folder.get::<Value>("letter", name).await.unwrap(), Some(json!(name)));
    }
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
    assert_eq!(fs::read_dir(inner.join("letter")).unwrap().count(), 5);
    for name in [String::new(), "x".repeat(1_000)] {
        let refused = folder.put("letter", &name, &json!(1)).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::InvalidInput);
    }
}

#[tokio::test]
async fn room_is_made_where_there_is_none_and_by_the_oldest() {
    let place = tempfile::tempdir().unwrap();
    let folder = Folder::open(place.path()).unwrap();
    folder.put("receipt", "first", &json!(1)).await.unwrap();
    folder.make_room("receipt").await.unwrap();
    let kind = place.path().join("receipt");
    fs::File::open(kind.join("first.json")).unwrap().set_modified(std::time::UNIX_EPOCH).unwrap();
    for number in 1..LOCAL_RECORDS_MAX {
        fs::write(kind.join(format!("{number}.json")), "1").unwrap();
    }
    let full = folder.put("receipt", "last", &json!(1)).await.unwrap_err();
    assert_eq!(full.kind(), ErrorKind::StorageFull);
    folder.make_room("receipt").await.unwrap();
    folder.put("receipt", "last", &json!(1)).await.unwrap();
    assert_eq!(folder.get::<Value>("receipt", "first").await.unwrap(), None);
    assert_eq!(fs::read_dir(kind).unwrap().count(), LOCAL_RECORDS_MAX - LOCAL_RECORDS_MAX / 4 + 1);
}

#[tokio::test]
async fn a_file_that_could_not_be_written_leaves_nothing_behind() {
    let place = tempfile::tempdir().unwrap();
    let folder = Folder::open(place.path()).unwrap();
    let content = |to: &mut dyn Write| {
        to.write_all(&vec![7; 200_000])?;
        Err(ErrorKind::FileTooLarge.into())
    };
    assert!(folder.put_file("piece", "one", content).await.is_err());
    assert_eq!(fs::read_dir(place.path().join("piece")).unwrap().count(), 0);
}

#[tokio::test]
async fn what_was_cut_off_while_it_was_written_is_no_record() {
    let place = tempfile::tempdir().unwrap();
    let folder = Folder::open(place.path()).unwrap();
    folder.put("letter", "one", &json!(1)).await.unwrap();
    fs::write(place.path().join("letter/two.unfinished"), "{").unwrap();
    assert_eq!(folder.all::<Value>("letter").await.unwrap(), [json!(1)]);
    fs::write(place.path().join("letter/three.json"), "{").unwrap();
    assert!(folder.all::<Value>("letter").await.is_err(), "damage is told, not passed over");
}

#[tokio::test]
async fn files_are_joined_in_order_and_read_in_pieces() {
    let place = tempfile::tempdir().unwrap();
    let folder = Folder::open(place.path()).unwrap();
    for (id, text) in [("one", "abc"), ("two", "defg")] {
        let content = |to: &mut dyn Write| to.write_all(text.as_bytes());
        folder.put_file("piece", id, content).await.unwrap();
    }
    let pieces = ["two", "one", "one"].map(str::to_owned);
    let written = folder.join_files(("whole", "all"), "piece", &pieces).await.unwrap();
    assert_eq!(written.bytes, 10);
    assert_eq!(written.sha256, "adb914d986e3c32edd8a137ee94f32884df0b699a57c1e83529e75c659364d2b");
    assert_eq!(folder.read_file("whole", "all", 2, 4).await.unwrap(), b"fgab");
    assert_eq!(folder.read_file("whole", "all", 8, 99).await.unwrap(), b"bc");
    assert_eq!(folder.file_bytes("whole", "all").await.unwrap(), Some(10));
    folder.remove_file("whole", "all").await.unwrap();
    assert_eq!(folder.file_bytes("whole", "all").await.unwrap(), None);
    let missing = ["three".to_owned()];
    assert!(folder.join_files(("whole", "all"), "piece", &missing).await.is_err());
    assert_eq!(folder.file_bytes("whole", "all").await.unwrap(), None, "nothing half-way");
}
