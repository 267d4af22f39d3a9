//! The published people whose records show every member that a record can have.

use nhs::url;
use pds::Record;
use serde_json::{Value, json};

use super::builder::{Builder, Days, codeable, name, period, telecom, trevelyan_square, with};
use super::coverage;

const DAYS: Days = ("2020-01-01", "2021-12-31");
const EMAIL_DAYS: Days = ("2019-01-01", "2022-12-31");
const JANE: &str = "9000000009";
const TELEPHONE: &str = "01632960587";

/// The published people with whole records, and the one with nearly nothing.
pub(super) fn people() -> Vec<Record> {
    vec![jane(), jayne(), janet(), john_paul(), nearly_nobody()]
}

fn jane() -> Record {
    let base = reachable(smith(JANE, "U", ("Mrs", "Jane", "Smith")), TELEPHONE, "jane.smith");
    let record = registered(whole(base.born("2010-10-22", "female"), "2010-10-22"));
    let detailed = related("507B7621", JANE, true);
    let referenced = related("B3380E98", JANE, false);
    record
        .beside(|annex| {
            annex.related = vec![detailed, referenced];
            annex.coverage = Some(coverage::french(JANE));
        })
        .record()
}

fn jayne() -> Record {
    let base = smith("9000000017", "U", ("Mrs", "Jayne", "Smyth"));
    let base = reachable(base.born("2010-10-22", "female"), "01632960588", "jayne.smyth");
    let related = related("F4CF8B96", "5328023641", true);
    registered(whole(base, "2010-10-22")).beside(|annex| annex.related = vec![related]).record()
}

/// Restricted: what tells where she is stands in her record, and few see it.
fn janet() -> Record {
    let base = smith("9000000025", "R", ("Mrs", "Janet", "Smythe"));
    let base = reachable(base.born("2005-06-16", "female"), TELEPHONE, "janet.smythe");
    let address = with_id(trevelyan_square(DAYS), "456");
    base.set("multipleBirthInteger", json!(1))
        .died("2005-06-16", "2", "2005-06-16T00:00:00+00:00")
        .practice("254406A3", "Y12345", DAYS)
        .add("address", address)
        .record()
}

fn john_paul() -> Record {
    let base = smith("9000000015", "U", ("Mr", "John Paul/James", "Smith"));
    let base = reachable(base.born("2010-10-22", "male"), TELEPHONE, "johnp.smith");
    base.set("multipleBirthInteger", json!(1))
        .died("2010-10-22", "2", "2010-10-22T00:00:00+00:00")
        .practice("254406A3", "Y12345", DAYS)
        .add("address", with_id(trevelyan_square(DAYS), "456"))
        .record()
}

fn nearly_nobody() -> Record {
    Builder::new("9000000033", 2, "U").record()
}

fn smith(number: &str, class: &str, called: (&str, &str, &str)) -> Builder {
    let name = with(name("123", DAYS, called), "suffix", json!(["MBE"]));
    Builder::new(number, 2, class).add("name", name)
}

fn reachable(builder: Builder, telephone: &str, local: &str) -> Builder {
    let email = format!("{local}@example.com");
    let textphone = json!([{
        "url": url::OTHER_CONTACT_SYSTEM,
        "valueCoding": {
            "system": "https://fhir.hl7.org.uk/CodeSystem/UKCore-OtherContactSystem",
            "code": "textphone",
            "display": "Minicom (Textphone)",
        },
    }]);
    let textphone =
        with(telecom("OC789", DAYS, ("other", "home", telephone)), "extension", textphone);
    builder
        .telecom("789", DAYS, ("phone", "home", telephone))
        .telecom("790", EMAIL_DAYS, ("email", "home", &email))
        .add("telecom", textphone)
        .emergency("C123", DAYS, telephone)
}

/// Everything that a record can say, but for where the person is registered.
fn whole(builder: Builder, died: &str) -> Builder {
    let supplier = |url: &str, code: &str| {
        json!({
            "url": url,
            "valueReference": {"identifier": {"system": url::ODS_CODE, "value": code}},
        })
    };
    let stay = with(with_id(trevelyan_square(DAYS), "T456"), "use", json!("temp"));
    let stay = with(stay, "text", json!("Student Accommodation"));
    builder
        .set("multipleBirthInteger", json!(1))
        .add("extension", supplier(url::NOMINATED_PHARMACY, "Y12345"))
        .add("extension", supplier(url::PREFERRED_DISPENSER, "Y23456"))
        .add("extension", supplier(url::APPLIANCE_SUPPLIER, "Y34567"))
        .died(died, "2", &format!("{died}T00:00:00+00:00"))
        .add("extension", french())
        .add("extension", braille())
        .add(
            "extension",
            json!({"url": url::BIRTH_PLACE, "valueAddress": {
                "city": "Manchester", "district": "Greater Manchester", "country": "GBR",
            }}),
        )
        .add("extension", gone_to_scotland())
        .add("address", with_id(trevelyan_square(DAYS), "456"))
        .add("address", stay)
}

fn registered(builder: Builder) -> Builder {
    let (system, code) = (url::ODS_CODE, "Y12345");
    let identifier = json!({"system": system, "value": code, "period": period(DAYS)});
    builder
        .practice("254406A3", code, DAYS)
        .set("managingOrganization", json!({"type": "Organization", "identifier": identifier}))
}

fn french() -> Value {
    json!({
        "url": url::COMMUNICATION,
        "extension": [
            {
                "url": "language",
                "valueCodeableConcept":
                    codeable(url::LANGUAGE_CODES, Some("1.0.0"), "fr", "French"),
            },
            {"url": "interpreterRequired", "valueBoolean": true},
        ],
    })
}

fn braille() -> Value {
    let codes = |name: &str| format!("https://fhir.hl7.org.uk/CodeSystem/UKCore-{name}");
    let (format, method) = ("PreferredWrittenCommunicationFormat", "PreferredContactMethod");
    json!({
        "url": url::CONTACT_PREFERENCE,
        "extension": [
            {
                "url": format,
                "valueCodeableConcept": codeable(&codes(format), None, "12", "Braille"),
            },
            {"url": method, "valueCodeableConcept": codeable(&codes(method), None, "1", "Letter")},
            {"url": "PreferredContactTimes", "valueString": "Not after 7pm"},
        ],
    })
}

fn gone_to_scotland() -> Value {
    let reason = codeable(url::REMOVAL_REASON_CODES, None, "SCT", "Transferred to Scotland");
    json!({
        "url": url::REMOVAL_FROM_REGISTRATION,
        "extension": [
            {"url": "removalFromRegistrationCode", "valueCodeableConcept": reason},
            {"url": "effectiveTime", "valuePeriod": {
                "start": "2020-01-01T00:00:00+00:00", "end": "2021-12-31T00:00:00+00:00",
            }},
        ],
    })
}

fn related(id: &str, patient: &str, detailed: bool) -> Value {
    const ROLES: &str = "https://fhir.nhs.uk/R4/CodeSystem/UKCore-AdditionalRelatedPersonRole";
    const EXTENSIONS: &str = "https://fhir.nhs.uk/R4/StructureDefinition/Extension-UKCore-";
    let mut person = json!({
        "resourceType": "RelatedPerson",
        "id": id,
        "patient": {"identifier": {"system": url::NHS_NUMBER, "value": patient}},
        "active": true,
        "period": period(DAYS),
        "relationship": [codeable(ROLES, None, "Guardian", "Guardian of patient")],
        "extension": [
            {"url": format!("{EXTENSIONS}CopyCorrespondenceIndicator"), "valueBoolean": true},
            {"url": format!("{EXTENSIONS}ContactRank"), "valuePositiveInt": 1},
            braille(),
            french(),
        ],
    });
    if detailed {
        let called = json!({
            "use": "usual", "period": period(DAYS), "given": ["Jane"], "family": "Smith",
            "prefix": ["Mrs"], "suffix": ["MBE"],
        });
        let telephone = json!({
            "period": period(DAYS), "system": "phone", "value": TELEPHONE, "use": "home",
        });
        person = with(person, "name", json!([called]));
        person = with(person, "telecom", json!([telephone]));
        person = with(person, "address", json!([trevelyan_square(DAYS)]));
    }
    person
}

fn with_id(element: Value, id: &str) -> Value {
    with(element, "id", json!(id))
}
