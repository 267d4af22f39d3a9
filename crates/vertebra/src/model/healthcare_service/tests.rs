use base::{Clock, Dice};
use store::Store;

use crate::model::File;

const FILE: &str = r#"
[[organisation]]
ods = "R1X"
name = "A hospital"
kind = "hospital-trust"

[[healthcare_service]]
id = "2000099999"
organisation = "R1X"
name = "Emergency department"
url = "http://127.0.0.1:8669/FHIR/R4"
private = true
"#;

fn compared(text: &str) -> Result<Vec<String>, String> {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), Clock::System, &Dice::System).unwrap();
    File::parse(text)?.compare(&store).map(|difference| difference.created)
}

#[test]
fn a_service_is_found_by_system_and_id() {
    let record = "healthcare-service https://fhir.nhs.uk/id/dos-service-id|2000099999";
    assert_eq!(compared(FILE).unwrap(), ["organisation R1X", record]);
    let twice = format!("{FILE}{}", &FILE[FILE.find("[[healthcare_service]]").unwrap()..]);
    assert!(compared(&twice).unwrap_err().ends_with("named twice"));
}

#[test]
fn what_cannot_be_called_is_refused() {
    for (from, to, why) in [
        ("private = true", "private = false", "not https"),
        ("http://127.0.0.1:8669/FHIR/R4", "https://user@h/", "user or a password"),
        ("/FHIR/R4", "/FHIR/R4?key=1", "a query"),
        ("/FHIR/R4", "/FHIR/R4#part", "a fragment"),
        ("http://127.0.0.1:8669/FHIR/R4", "nowhere", "begins neither"),
        ("id = \"2000099999\"", "id = \"\"", "an id has"),
        ("id = \"2000099999\"", "id = \"2|3\"", "an id has"),
        ("organisation = \"R1X\"", "organisation = \"R9X\"", "no organisation R9X"),
        ("private = true", "privat = true", "unknown field"),
    ] {
        let error = compared(&FILE.replace(from, to)).unwrap_err();
        assert!(error.contains(why), "{why}: {error}");
    }
}
