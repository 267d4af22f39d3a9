use base::{Clock, Dice};

use super::*;

const FILE: &str = r#"
[[organisation]]
ods = "Y12345"
name = "Somewhere"
kind = "gp-practice"
[[system]]
asid = "200000001001"
organisation = "Y12345"
name = "A system"
[[certificate]]
fingerprint = "AA:BB"
system = "200000001001"
"#;

fn file(fingerprint: &str) -> File {
    File::parse(&FILE.replace("AA:BB", fingerprint)).unwrap()
}

#[tokio::test]
async fn a_certificate_stands_for_its_system_until_it_is_revoked() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), Clock::System, &Dice::System).unwrap();
    let colons = ["AB"; 32].join(":");
    let difference = file(&colons).compare(&store).unwrap();
    store.commit(difference.transaction()).await.unwrap();
    let [row] = with_certificates(&store).unwrap().try_into().unwrap();
    assert_eq!(row.fingerprint, Some([0xab; 32]));
    assert_eq!((row.organisation.as_str(), row.client.as_str()), ("Y12345", "200000001001"));

    let revoked = Revoked { at: "now".into(), serial: String::new() };
    let body = serde_json::to_string(&revoked);
    let record = super::super::record(REVOKED_CERTIFICATE, &"ab".repeat(32), body);
    store.commit(store::Transaction::new().record(record)).await.unwrap();
    assert!(with_certificates(&store).unwrap().iter().any(|row| row.revoked));
    assert!(file(&colons).compare(&store).unwrap_err().contains("was revoked"));
}

#[test]
fn what_names_no_certificate_or_no_system_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), Clock::System, &Dice::System).unwrap();
    let mistakes = |file: File| file.compare(&store).unwrap_err();
    assert!(mistakes(file("AA:BB")).contains("64 hexadecimal digits"));
    assert!(mistakes(file("")).contains("neither fingerprint nor common_name"));
    let mut other = file(&"ab".repeat(32));
    other.certificate[0].system = "200000009999".into();
    assert!(mistakes(other).contains("there is no system 200000009999"));
}
