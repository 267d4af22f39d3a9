use super::*;

#[test]
fn it_is_shown_to_nobody_who_does_not_ask() {
    let secret = Secret::from("hunter2");
    assert_eq!(format!("{secret:?} {:?}", [&secret]), "*** [***]");
    assert_eq!(secret.expose(), "hunter2");
}

#[test]
fn its_memory_is_overwritten_when_it_goes() {
    use std::sync::{Arc, Mutex};

    /// Something that says when it is overwritten.
    struct Watched(Arc<Mutex<bool>>);
    impl Zeroize for Watched {
        fn zeroize(&mut self) {
            *self.0.lock().unwrap() = true;
        }
    }
    let overwritten = Arc::new(Mutex::new(false));
    let secret = Secret::new(Watched(Arc::clone(&overwritten)));
    assert!(!*overwritten.lock().unwrap());
    drop(secret);
    assert!(*overwritten.lock().unwrap());
}

#[test]
fn it_is_read_from_a_record_and_written_where_a_field_says_so() {
    #[derive(Deserialize, Serialize)]
    struct Record {
        #[serde(serialize_with = "write")]
        password: Secret<String>,
        #[serde(serialize_with = "write_all")]
        keys: Vec<Secret<String>>,
        #[serde(serialize_with = "write_any")]
        more: Option<Secret<String>>,
    }
    let text = "password = \"a\"\nkeys = [\"b\", \"c\"]\nmore = \"d\"\n";
    let record: Record = toml::from_str(text).unwrap();
    assert_eq!(toml::to_string(&record).unwrap(), text);
}
