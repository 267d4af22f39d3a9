//! Who sends, and to whom: from the header to names of the directory. Nobody may send in a name
//! that is not theirs.

use broker::Table;
use hl7v2::{Condition, Header, Problem};
use security::Caller;

use crate::house::House;

/// Who sends, and to whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parties {
    pub(crate) from: String,
    pub(crate) to: String,
}

impl House {
    /// Who sends a message, and to whom.
    ///
    /// # Errors
    /// When the sender is not the caller's, or nobody has the name of the receiver.
    pub(crate) fn parties(&self, caller: &Caller, header: &Header<'_>) -> Result<Parties, Problem> {
        let table = self.broker.directory().table();
        let from = self.sender(&table, caller, header)?;
        let names = names(&header.receiving_application, &header.receiving_facility);
        let kind = header.kind();
        let known =
            |name: &String| table.route(name, &kind).is_some() || owner(&table, name).is_some();
        let to = names.into_iter().find(known).ok_or_else(|| {
            let why = "nobody is called what MSH-5 and MSH-6 say";
            Problem::reject(Condition::UnknownKey, 6, why)
        })?;
        Ok(Parties { from, to })
    }

    /// Whether a mailbox or endpoint is of the caller's organisation.
    pub(crate) fn owns(&self, table: &Table, caller: &Caller, name: &str) -> bool {
        let Some(owner) = owner(table, name) else { return false };
        let own =
            !caller.organisation.is_empty() && owner.eq_ignore_ascii_case(&caller.organisation);
        own || self.is_free(caller)
    }

    /// Whether somebody comes in without credentials, in a house that is open.
    fn is_free(&self, caller: &Caller) -> bool {
        self.open && caller.has(Caller::OPEN)
    }

    /// In whose name a message is sent: that of a mailbox or endpoint of the caller's, or of their
    /// organisation itself.
    fn sender(
        &self,
        table: &Table,
        caller: &Caller,
        header: &Header<'_>,
    ) -> Result<String, Problem> {
        let facility = &header.sending_facility;
        let names = names(&header.sending_application, facility);
        if let Some(own) = names.into_iter().find(|name| self.owns(table, caller, name)) {
            return Ok(own);
        }
        let organisation = !facility.is_empty()
            && !caller.organisation.is_empty()
            && facility.eq_ignore_ascii_case(&caller.organisation);
        if organisation {
            return Ok(caller.organisation.clone());
        }
        let why =
            "MSH-4 names neither the caller's organisation nor a mailbox or endpoint of theirs";
        Err(Problem::reject(Condition::UnknownKey, 4, why))
    }
}

/// What an application at a facility may be called, the most particular name first: `FACILITY/
/// APPLICATION`, then the facility alone, each as it is and, as mailboxes are, in upper case.
pub(crate) fn names(application: &str, facility: &str) -> Vec<String> {
    if facility.is_empty() {
        return Vec::new();
    }
    let both = format!("{facility}/{application}");
    let upper = facility.to_ascii_uppercase();
    vec![both, facility.to_owned(), upper]
}

/// The organisation that owns a mailbox or endpoint; nothing when there is none of that name.
fn owner<'a>(table: &'a Table, name: &str) -> Option<&'a str> {
    let mailbox = table.mailbox(name).map(|mailbox| mailbox.organisation.as_str());
    mailbox.or_else(|| table.endpoint(name).map(|endpoint| endpoint.organisation.as_str()))
}
