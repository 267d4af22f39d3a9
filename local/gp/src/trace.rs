//! Registers a patient: the demographics service says who they are.

use desk::control::{Done, Refusal};
use desk::demographics::{Found, Wanted, look_up};
use serde_json::json;

use crate::registration::{KIND, Registration};
use crate::system::System;

/// Looks somebody up and keeps a registration of them.
///
/// # Errors
/// When the registration cannot be kept.
pub(crate) async fn trace(system: &System, wanted: Wanted) -> Result<Done, Refusal> {
    let desk = &system.desk;
    let conversation = desk.begin();
    let found = match look_up(desk, &conversation, &wanted).await {
        Ok(found) => found,
        Err(trouble) => {
            return Ok(Done::new(&conversation, "unanswered", trouble.to_string()));
        }
    };
    let patient = match found {
        Found::Patient(patient) => patient,
        Found::Nobody => return Ok(Done::new(&conversation, "unknown", NOBODY)),
        Found::Several => return Ok(Done::new(&conversation, "several", SEVERAL)),
        Found::Refused(401 | 403, _) => {
            return Ok(Done::new(&conversation, "not-allowed", NOT_ALLOWED));
        }
        Found::Refused(status, code) => {
            let says = format!("the service refused with {status} {code}. {REFUSED}");
            return Ok(Done::new(&conversation, "refused", says));
        }
    };
    let registration = Registration::read(&patient, desk.clock.now(), &conversation);
    desk.folder.put(KIND, &registration.nhs_number, &registration).await?;
    let says = format!(
        "{} now has a registration for {}, {}, read from version {} of the national record",
        desk.card.title, registration.nhs_number, registration.name, registration.version
    );
    Ok(Done::new(&conversation, "registered", says).with(json!(registration)))
}

const NOBODY: &str = "nobody fits, and nothing was registered. What to do: ask the patient again \
    for name, date of birth and postcode, search by those, and never make a number up";
const SEVERAL: &str = "more than one patient fits, and none was registered. What to do: search \
    with more details, such as the postcode";
const NOT_ALLOWED: &str = "the system may not do that, and nothing was registered. What to do: \
    see whether its application is subscribed to the API (its scopes), and that it signs with the \
    key that it registered";
const REFUSED: &str = "What to do: read the code in the table of errors of the API, and correct \
    the request; the same request again will be refused again";
