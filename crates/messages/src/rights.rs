//! Who may see and do what. Nobody may, but for: the organisation that owns the sender or a
//! recipient, operators, and whoever calls an open house without credentials.

use base::Fault;
use broker::{Table, Tracked, read_id};
use security::Caller;
use service::Request;
use store::messages::MessageId;

use crate::faults::{forbidden, from_broker, incorrect, not_found};
use crate::house::House;

/// The permission to operate: to see where any message is, though not to read it, and to set
/// going what has stopped.
pub const OPERATE: &str = "operate-messages";

impl House {
    /// Whether this is a call without credentials in an open house.
    pub(crate) fn is_free(&self, caller: &Caller) -> bool {
        self.open && *caller == Caller::open()
    }

    /// Whether the caller is an operator.
    pub(crate) fn operates(&self, caller: &Caller) -> bool {
        self.is_free(caller) || caller.has(OPERATE)
    }

    /// Lets nobody pass but operators.
    ///
    /// # Errors
    /// For anybody else.
    pub(crate) fn operators_only(&self, caller: &Caller) -> Result<(), Fault> {
        if self.operates(caller) {
            return Ok(());
        }
        Err(forbidden("forbidden", format!("this takes the permission {OPERATE}")))
    }

    /// Whether a message was sent by the caller, or by their organisation.
    pub(crate) fn sent(&self, caller: &Caller, tracked: &Tracked) -> bool {
        let table = self.broker.directory().table();
        let from = &tracked.envelope.from;
        let as_itself = tracked.envelope.wire == WIRE
            && owner(&table, from).is_none()
            && *from == caller.client;
        self.is_free(caller) || as_itself || owns(&table, caller, from)
    }

    /// Whether a message is the business of the caller: they may read it.
    pub(crate) fn party(&self, caller: &Caller, tracked: &Tracked) -> bool {
        let table = self.broker.directory().table();
        let gets = |recipient: &str| owns(&table, caller, place(recipient));
        self.sent(caller, tracked) || tracked.deliveries.iter().any(|one| gets(&one.recipient))
    }

    /// Whether the caller may know of a message.
    pub(crate) fn may_see(&self, caller: &Caller, tracked: &Tracked) -> bool {
        self.operates(caller) || self.party(caller, tracked)
    }

    /// Whether the caller's organisation owns a mailbox or endpoint.
    pub(crate) fn owns(&self, caller: &Caller, name: &str) -> bool {
        self.is_free(caller) || owns(&self.broker.directory().table(), caller, name)
    }

    /// The message that the path of a request names, if the caller may know of it.
    ///
    /// # Errors
    /// When there is none, or none for this caller: the two cannot be told apart.
    pub(crate) fn named(&self, request: &Request) -> Result<Tracked, Fault> {
        let id = read_id(request.path_value("id")).ok_or_else(not_found)?;
        let tracked = self.broker.track(id).map_err(from_broker)?;
        let known = self.may_see(&request.caller, &tracked);
        known.then_some(tracked).ok_or_else(not_found)
    }

    /// In whose name the caller sends: that of a mailbox or endpoint of theirs, or their own.
    ///
    /// # Errors
    /// When the name is somebody else's, or nobody's.
    pub(crate) fn sender(&self, caller: &Caller, wanted: Option<&str>) -> Result<String, Fault> {
        let table = self.broker.directory().table();
        let name = known_as(&table, wanted.unwrap_or(&caller.client));
        match owner(&table, &name) {
            Some(_) if self.is_free(caller) || owns(&table, caller, &name) => Ok(name),
            None if name == caller.client => Ok(name),
            _ => Err(forbidden(
                "sender-not-yours",
                "Message-From names no mailbox or endpoint of your organisation",
            )),
        }
    }

    /// To whom the caller sends, as the directory has the name.
    pub(crate) fn recipient(&self, wanted: &str) -> String {
        known_as(&self.broker.directory().table(), wanted)
    }

    /// The message that another one replies to, if it is the caller's business.
    ///
    /// # Errors
    /// When it is not.
    pub(crate) fn replied_to(&self, caller: &Caller, text: &str) -> Result<Tracked, Fault> {
        let asked = read_id(text).and_then(|id: MessageId| self.broker.track(id).ok());
        asked.filter(|asked| self.party(caller, asked)).ok_or_else(|| {
            incorrect("invalid-header", "In-Reply-To names no message that you sent or got")
        })
    }
}

/// The wire that messages of this API come in by.
pub(crate) const WIRE: &str = "http";

/// The mailbox or endpoint in the name of a recipient, without the ordering key behind it.
pub(crate) fn place(recipient: &str) -> &str {
    recipient.split_once('#').map_or(recipient, |(place, _)| place)
}

/// The organisation that owns a mailbox or endpoint; nothing when there is none of that name.
fn owner<'a>(table: &'a Table, name: &str) -> Option<&'a str> {
    let mailbox = table.mailbox(name).map(|mailbox| mailbox.organisation.as_str());
    mailbox.or_else(|| table.endpoint(name).map(|endpoint| endpoint.organisation.as_str()))
}

fn owns(table: &Table, caller: &Caller, name: &str) -> bool {
    let own = |owner: &str| owner.eq_ignore_ascii_case(&caller.organisation);
    !caller.organisation.is_empty() && owner(table, name).is_some_and(own)
}

/// A name as the directory has it: those of mailboxes are in upper case.
fn known_as(table: &Table, name: &str) -> String {
    let upper = name.to_ascii_uppercase();
    let mailbox = owner(table, name).is_none() && table.mailbox(&upper).is_some();
    if mailbox { upper } else { name.to_owned() }
}
