//! Asking the national demographics service who somebody is.
//!
//! Specification: <https://digital.nhs.uk/developer/api-catalogue/personal-demographics-service-fhir>.

use http::Method;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::bars::ORGANISATION;
use crate::call::Call;
use crate::client::Trouble;
use crate::conversation::Conversation;
use crate::desk::Desk;

const PATIENT: &str = "/personal-demographics/FHIR/R4/Patient";
const SERVICE: &str = "demographics";

/// Who is looked for: a number, or what is known of them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Wanted {
    /// The NHS number.
    pub nhs_number: Option<String>,
    /// The family name.
    pub family: Option<String>,
    /// The given name.
    pub given: Option<String>,
    /// The gender, as a code of FHIR.
    pub gender: Option<String>,
    /// The date of birth: `YYYY-MM-DD`.
    pub birth_date: Option<String>,
    /// The postcode of their home.
    pub postcode: Option<String>,
}

/// What the service said.
#[derive(Debug)]
pub enum Found {
    /// The one patient who fits.
    Patient(Box<Value>),
    /// Nobody fits.
    Nobody,
    /// More than one fits.
    Several,
    /// The service refused: its status and its code.
    Refused(u16, String),
}

impl Found {
    /// The patient; or why there is none, as one word and as words for people.
    ///
    /// # Errors
    /// Both of them.
    pub fn patient(self) -> Result<Box<Value>, (&'static str, String)> {
        match self {
            Self::Patient(patient) => Ok(patient),
            Self::Nobody => Err(("unknown", NOBODY.to_owned())),
            Self::Several => Err(("several", SEVERAL.to_owned())),
            Self::Refused(401 | 403, _) => Err(("not-allowed", NOT_ALLOWED.to_owned())),
            Self::Refused(status, code) => {
                Err(("refused", format!("the service refused with {status} {code}. {REFUSED}")))
            }
        }
    }
}

const NOBODY: &str = "nobody fits. What to do: ask the patient again for name, date of birth and \
    postcode, search by those, and never make a number up";
const SEVERAL: &str = "more than one patient fits. What to do: search with more details, such as \
    the postcode";
const NOT_ALLOWED: &str = "the system may not do that. What to do: see whether its application is \
    subscribed to the API (its scopes), and that it signs with the key that it registered";
const REFUSED: &str = "What to do: read the code in the table of errors of the API, and correct \
    the request; the same request again will be refused again";

/// Whether this is an NHS number: ten digits, the last of which checks the others.
pub fn is_nhs_number(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().filter_map(|letter| letter.to_digit(10)).collect();
    let Some((check, nine)) = digits.split_last() else { return false };
    let sum: u32 = nine.iter().zip((2..=10).rev()).map(|(digit, weight)| digit * weight).sum();
    text.len() == 10 && digits.len() == 10 && (11 - sum % 11) % 11 == *check
}

/// Looks somebody up: by number, or by a search that finds one and a read of that one.
///
/// # Errors
/// Why no answer came.
pub async fn look_up(
    desk: &Desk,
    conversation: &Conversation,
    wanted: &Wanted,
) -> Result<Found, Trouble> {
    if let Some(number) = &wanted.nhs_number {
        return read(desk, conversation, number).await;
    }
    let url = format!("{}{PATIENT}?{}", desk.card.exchange, query(wanted));
    let search = Call::new(Method::GET, url, SERVICE, "search for one patient");
    let answer = desk.call(conversation, search).await?;
    if !answer.is_good() {
        return Ok(refused(&answer));
    }
    let found = answer.json();
    match found.pointer("/entry/0/resource/id").and_then(Value::as_str) {
        Some(number) => read(desk, conversation, number).await,
        None if found.get("resourceType") == Some(&"OperationOutcome".into()) => Ok(Found::Several),
        None => Ok(Found::Nobody),
    }
}

/// Makes a practice that of a patient, as the service described them: on the version that was read,
/// so that nobody else's change is lost.
///
/// # Errors
/// Why no answer came.
pub async fn register_at(
    desk: &Desk,
    conversation: &Conversation,
    patient: &Value,
    practice: &str,
) -> Result<Found, Trouble> {
    let text = |path: &str| patient.pointer(path).and_then(Value::as_str).unwrap_or_default();
    let (number, version) = (text("/id"), text("/meta/versionId"));
    let patches = match patient.pointer("/generalPractitioner/0/id") {
        Some(id) => json!([
            { "op": "test", "path": "/generalPractitioner/0/id", "value": id },
            {
                "op": "replace",
                "path": "/generalPractitioner/0/identifier/value",
                "value": practice,
            },
        ]),
        None => json!([{ "op": "add", "path": "/generalPractitioner/-", "value": {
            "type": "Organization",
            "identifier": { "system": ORGANISATION, "value": practice },
        } }]),
    };
    let url = format!("{}{PATIENT}/{}", desk.card.exchange, encoded(number));
    let update = Call::new(Method::PATCH, url, SERVICE, "register the patient with this practice")
        .header("if-match", &format!("W/\"{version}\""))
        .body("application/json-patch+json", json!({ "patches": patches }).to_string());
    let answer = desk.call(conversation, update).await?;
    Ok(match answer.status {
        200 => Found::Patient(Box::new(answer.json())),
        _ => refused(&answer),
    })
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

async fn read(desk: &Desk, conversation: &Conversation, number: &str) -> Result<Found, Trouble> {
    let url = format!("{}{PATIENT}/{}", desk.card.exchange, encoded(number));
    let read = Call::new(Method::GET, url, SERVICE, "read a patient");
    let answer = desk.call(conversation, read).await?;
    Ok(match answer.status {
        200 => Found::Patient(Box::new(answer.json())),
        404 => Found::Nobody,
        _ => refused(&answer),
    })
}

fn refused(answer: &Answer) -> Found {
    Found::Refused(answer.status, answer.code())
}

fn query(wanted: &Wanted) -> String {
    let birth_date = wanted.birth_date.as_ref().map(|date| format!("eq{date}"));
    let parameters = [
        ("family", &wanted.family),
        ("given", &wanted.given),
        ("gender", &wanted.gender),
        ("birthdate", &birth_date),
        ("address-postalcode", &wanted.postcode),
    ];
    let said = parameters.iter().filter_map(|(name, value)| {
        let value = value.as_deref()?;
        Some(format!("{name}={}", encoded(value)))
    });
    said.collect::<Vec<_>>().join("&")
}
