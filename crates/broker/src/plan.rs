//! Where a message goes: to the mailbox or endpoint that it is addressed to, or where a route
//! says.

use store::messages::{RECIPIENT_BYTES_MAX, TOPIC_BYTES_MAX};

use crate::directory::{Route, Table};
use crate::envelope::Envelope;
use crate::refused::Refused;

/// One place that a message goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The name of the mailbox, or of the endpoint with the ordering key behind a `#`.
    pub(crate) recipient: String,
    /// Whether it is pushed there; it waits there otherwise.
    pub(crate) pushed: bool,
    /// Seconds until it is given up; the house's default when 0.
    pub(crate) deadline_s: i64,
}

impl Table {
    /// Where a message goes.
    ///
    /// # Errors
    /// When nobody has the name, the place is closed, a name or the kind is too long, or the
    /// parties may not exchange such messages. The broker's own reports go everywhere.
    pub(crate) fn plan(&self, envelope: &Envelope) -> Result<Vec<Place>, Refused> {
        let mut places: Vec<Place> = Vec::new();
        match self.route(&envelope.to, &envelope.kind) {
            Some(route) => {
                for name in &route.deliver {
                    let place = self.place(name, Some(route), &envelope.ordering_key)?;
                    // To each place once, even if the route names it twice.
                    if !places.contains(&place) {
                        places.push(place);
                    }
                }
            }
            None => places.push(self.place(&envelope.to, None, "")?),
        }
        let long = |place: &Place| place.recipient.len() > RECIPIENT_BYTES_MAX;
        if envelope.kind.len() > TOPIC_BYTES_MAX || places.iter().any(long) {
            return Err(Refused::TooLarge);
        }
        if !envelope.is_report() {
            self.permit(envelope)?;
        }
        Ok(places)
    }

    /// The mailbox or endpoint with a name, if it is not closed.
    pub(crate) fn place(
        &self,
        name: &str,
        route: Option<&Route>,
        key: &str,
    ) -> Result<Place, Refused> {
        let deadline_s = route.map_or(0, |route| route.deadline_s);
        if let Some(mailbox) = self.mailbox(name) {
            if mailbox.closed {
                return Err(Refused::Closed(name.to_owned()));
            }
            return Ok(Place { recipient: name.to_owned(), pushed: false, deadline_s });
        }
        let Some(endpoint) = self.endpoint(name) else {
            return Err(Refused::NoRecipient(name.to_owned()));
        };
        if endpoint.closed {
            return Err(Refused::Closed(name.to_owned()));
        }
        let ordered = route.is_some_and(|route| route.ordered) && !key.is_empty();
        let recipient = match (endpoint.in_order, ordered) {
            (true, _) => keyed(name, ""),
            (false, true) => keyed(name, key),
            (false, false) => name.to_owned(),
        };
        Ok(Place { recipient, pushed: true, deadline_s })
    }

    /// Whether sender and recipient may exchange this kind of message.
    fn permit(&self, envelope: &Envelope) -> Result<(), Refused> {
        let Some(workflow) = self.workflow(&envelope.kind) else { return Ok(()) };
        let among = |list: &[String], name: &str| {
            list.is_empty() || list.iter().any(|one| one.eq_ignore_ascii_case(name))
        };
        if !among(&workflow.senders, &envelope.from) {
            return Err(Refused::SenderMayNot);
        }
        if !among(&workflow.receivers, &envelope.to) {
            return Err(Refused::RecipientMayNot);
        }
        Ok(())
    }
}

/// The recipient that stands for one ordering key at an endpoint. The key is a digest: it may be
/// about a patient, and it may be long.
fn keyed(endpoint: &str, key: &str) -> String {
    format!("{endpoint}#{:016x}", crate::broker::label(&["order", endpoint, key]))
}

/// The endpoint in the name of a recipient, and whether there is an ordering key behind it.
pub(crate) fn endpoint_of(recipient: &str) -> (&str, bool) {
    match recipient.split_once('#') {
        Some((endpoint, _)) => (endpoint, true),
        None => (recipient, false),
    }
}

#[cfg(test)]
mod tests;
