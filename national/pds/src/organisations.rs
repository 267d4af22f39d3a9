//! What the directory says of organisations.

use std::collections::BTreeSet;

use base::Fault;
use nhs::OdsCode;
use serde::Deserialize;

use crate::rule::Known;
use crate::{House, faults};

/// The kind of a directory's records of organisations.
const KIND: &str = "organisation";

/// What is read of such a record.
#[derive(Deserialize)]
struct Organisation {
    #[serde(default)]
    kind: String,
}

impl House {
    /// What the directory says of the organisations with these codes: one read for each. Those that
    /// it does not have are left out.
    ///
    /// # Errors
    /// When the store fails or what it holds cannot be read.
    pub(crate) fn organisations(&self, codes: BTreeSet<OdsCode>) -> Result<Known, Fault> {
        let directory = self.store.directory();
        let mut known = Known::new();
        for code in codes {
            let body = directory.get(KIND, code.as_str()).map_err(faults::from_store)?;
            let Some(body) = body else { continue };
            let organisation: Organisation = serde_json::from_str(&body)
                .map_err(|error| Fault::broken("UNKNOWN_ERROR", error))?;
            known.insert(code, organisation.kind);
        }
        Ok(known)
    }
}
