//! Registers a patient: the demographics service says who they are.

use desk::control::{Done, Refusal};
use desk::demographics::{Wanted, look_up};
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
        Ok(found) => found.patient(),
        Err(trouble) => Err(("unanswered", trouble.to_string())),
    };
    let patient = match found {
        Ok(patient) => patient,
        Err((outcome, why)) => {
            let says = format!("nobody was registered: {why}");
            return Ok(Done::new(&conversation, outcome, says));
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
