//! What belongs together: the calls of one act, under one correlation id.

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A conversation that a system takes part in. All its calls carry the id of it.
#[derive(Debug)]
pub struct Conversation {
    id: Uuid,
    steps: Mutex<Vec<Step>>,
}

/// One call, as whoever made it saw it. Nothing in it is about a patient.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Step {
    /// When it was made.
    pub at: Timestamp,
    /// Who made it.
    pub from: String,
    /// Who was called.
    pub to: String,
    /// What was asked for.
    pub what: String,
    /// What came of it: the status and its code, or why nothing came.
    pub outcome: String,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
}

impl Conversation {
    /// A conversation of an id.
    pub fn new(id: Uuid) -> Self {
        Self { id, steps: Mutex::default() }
    }

    /// Its id: the `X-Correlation-ID` of every call.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// Writes down what was called.
    pub fn note(&self, step: Step) {
        self.steps.lock().unwrap_or_else(PoisonError::into_inner).push(step);
    }

    /// What was called so far, in order.
    pub fn steps(&self) -> Vec<Step> {
        self.steps.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
