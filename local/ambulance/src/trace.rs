//! Asks the demographics service who somebody is.

use desk::control::Done;
use desk::demographics::{Wanted, look_up};

use crate::system::System;

/// Asks it. Nothing is kept.
pub(crate) async fn trace(system: &System, wanted: Wanted) -> Done {
    let conversation = system.desk.begin();
    let found = match look_up(&system.desk, &conversation, &wanted).await {
        Ok(found) => found.patient(),
        Err(trouble) => Err(("unanswered", trouble.to_string())),
    };
    match found {
        Ok(_) => Done::new(&conversation, "found", "the service knows one patient who fits"),
        Err((outcome, why)) => Done::new(&conversation, outcome, why),
    }
}
