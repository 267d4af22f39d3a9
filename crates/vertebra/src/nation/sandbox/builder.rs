//! Builds a published person, member by member.

use nhs::url;
use pds::{Annex, Record, State};
use serde_json::{Map, Value, json};

const PAF_AND_UPRN: [(&str, &str); 2] = [("PAF", "12345678"), ("UPRN", "123456789012")];

/// A published person in the making.
pub(super) struct Builder {
    patient: Map<String, Value>,
    annex: Annex,
}

/// A period as its first and last day; an empty last day is no last day.
pub(super) type Days = (&'static str, &'static str);

impl Builder {
    /// A person with a number, a version of the record and a confidentiality code.
    pub(super) fn new(number: &str, version: u32, class: &str) -> Self {
        let security = match class {
            "R" => json!({"system": url::CONFIDENTIALITY, "code": "R", "display": "restricted"}),
            _ => json!({"system": url::CONFIDENTIALITY, "code": "U", "display": "unrestricted"}),
        };
        let verified = codeable(
            url::NUMBER_VERIFICATION_CODES,
            Some("1.0.0"),
            "01",
            "Number present and verified",
        );
        let mut patient = Map::new();
        patient.insert("resourceType".into(), json!("Patient"));
        patient.insert("id".into(), json!(number));
        patient.insert(
            "identifier".into(),
            json!([{
                "system": url::NHS_NUMBER,
                "value": number,
                "extension": [{
                    "url": url::NUMBER_VERIFICATION,
                    "valueCodeableConcept": verified,
                }],
            }]),
        );
        patient.insert(
            "meta".into(),
            json!({"versionId": version.to_string(), "security": [security]}),
        );
        Self { patient, annex: Annex::default() }
    }

    /// Sets a member.
    pub(super) fn set(mut self, member: &str, value: Value) -> Self {
        self.patient.insert(member.into(), value);
        self
    }

    /// Adds an element to a list.
    pub(super) fn add(mut self, list: &str, element: Value) -> Self {
        let items = self.patient.entry(list).or_insert_with(|| json!([]));
        if let Some(items) = items.as_array_mut() {
            items.push(element);
        }
        self
    }

    /// Changes the first element of a list.
    pub(super) fn change(mut self, list: &str, change: impl FnOnce(Value) -> Value) -> Self {
        let first = self.patient.get_mut(list).and_then(|items| items.get_mut(0));
        if let Some(first) = first {
            *first = change(first.take());
        }
        self
    }

    /// Sets the birth date and the gender.
    pub(super) fn born(self, date: &str, gender: &str) -> Self {
        self.set("gender", json!(gender)).set("birthDate", json!(date))
    }

    /// Sets the date of death, with its notification of a code (1 informal, 2 formal) at an
    /// instant.
    pub(super) fn died(self, date: &str, code: &str, told: &str) -> Self {
        let display = match code {
            "1" => {
                "Informal - death notice received via an update from a local NHS Organisation \
                 such as GP or Trust"
            }
            _ => "Formal - death notice received from Registrar of Deaths",
        };
        let status = codeable(url::DEATH_NOTIFICATION_CODES, Some("1.0.0"), code, display);
        self.set("deceasedDateTime", json!(format!("{date}T00:00:00+00:00"))).add(
            "extension",
            json!({
                "url": url::DEATH_NOTIFICATION,
                "extension": [
                    {"url": "deathNotificationStatus", "valueCodeableConcept": status},
                    {"url": "systemEffectiveDate", "valueDateTime": told},
                ],
            }),
        )
    }

    /// Adds the practice.
    pub(super) fn practice(self, id: &str, code: &str, days: Days) -> Self {
        let identifier = json!({"system": url::ODS_CODE, "value": code, "period": period(days)});
        self.add(
            "generalPractitioner",
            json!({"id": id, "type": "Organization", "identifier": identifier}),
        )
    }

    /// Adds a way to reach the person: the system, the use and the value.
    pub(super) fn telecom(self, id: &str, days: Days, what: (&str, &str, &str)) -> Self {
        self.add("telecom", telecom(id, days, what))
    }

    /// Adds a telephone to ring in an emergency.
    pub(super) fn emergency(self, id: &str, days: Days, telephone: &str) -> Self {
        let role = codeable(url::CONTACT_ROLE, None, "C", "Emergency Contact");
        self.add(
            "contact",
            json!({
                "id": id,
                "period": period(days),
                "relationship": [role],
                "telecom": [{"system": "phone", "value": telephone}],
            }),
        )
    }

    /// Changes what stands beside the resource.
    pub(super) fn beside(mut self, change: impl FnOnce(&mut Annex)) -> Self {
        change(&mut self.annex);
        self
    }

    /// Says that the record was merged into another.
    pub(super) fn superseded_by(self, number: &str) -> Self {
        self.beside(|annex| annex.state = State::Superseded(number.to_owned()))
    }

    /// The record.
    pub(super) fn record(self) -> Record {
        Record { patient: Value::Object(self.patient), annex: self.annex }
    }
}

/// An element with one member more, or another in its place.
pub(super) fn with(mut element: Value, member: &str, value: Value) -> Value {
    if let Some(members) = element.as_object_mut() {
        members.insert(member.to_owned(), value);
    }
    element
}

/// A period.
pub(super) fn period((start, end): Days) -> Value {
    match end {
        "" => json!({"start": start}),
        _ => json!({"start": start, "end": end}),
    }
}

/// A coded concept.
pub(super) fn codeable(system: &str, version: Option<&str>, code: &str, display: &str) -> Value {
    match version {
        Some(version) => json!({"coding": [
            {"system": system, "version": version, "code": code, "display": display}
        ]}),
        None => json!({"coding": [{"system": system, "code": code, "display": display}]}),
    }
}

/// A usual name: prefix (or nothing), given names apart by `/`, family name.
pub(super) fn name(id: &str, days: Days, (prefix, given, family): (&str, &str, &str)) -> Value {
    let given: Vec<&str> = given.split('/').collect();
    let mut name = json!({
        "id": id, "use": "usual", "period": period(days), "given": given, "family": family,
    });
    if !prefix.is_empty() {
        name = with(name, "prefix", json!([prefix]));
    }
    name
}

/// A home address: lines apart by `/`, postcode (or nothing).
pub(super) fn home(id: &str, days: Days, lines: &str, postcode: &str) -> Value {
    let lines: Vec<&str> = lines.split('/').collect();
    let mut address = json!({"id": id, "period": period(days), "use": "home", "line": lines});
    if !postcode.is_empty() {
        address = with(address, "postalCode", json!(postcode));
    }
    address
}

/// Adds the key of the Postcode Address File to an address.
pub(super) fn with_key(address: Value, key: &str) -> Value {
    with(address, "extension", json!([address_key("PAF", key)]))
}

/// The address of the sandbox: the office of the national service.
pub(super) fn trevelyan_square(days: Days) -> Value {
    let lines = ["1 Trevelyan Square", "Boar Lane", "City Centre", "Leeds", "West Yorkshire"];
    json!({
        "period": period(days),
        "use": "home",
        "line": lines,
        "postalCode": "LS1 6AE",
        "extension": PAF_AND_UPRN.map(|(kind, key)| address_key(kind, key)),
    })
}

/// A way to reach somebody.
pub(super) fn telecom(id: &str, days: Days, what: (&str, &str, &str)) -> Value {
    let (system, usage, value) = what;
    json!({"id": id, "period": period(days), "system": system, "value": value, "use": usage})
}

fn address_key(kind: &str, key: &str) -> Value {
    json!({
        "url": url::ADDRESS_KEY,
        "extension": [
            {"url": "type", "valueCoding": {"system": url::ADDRESS_KEY_TYPES, "code": kind}},
            {"url": "value", "valueString": key},
        ],
    })
}
