//! Whether a message may go where it wants to go: the parties, the contract, the time.

use base::Fault;
use base::limit::MESSAGE_KIND_BYTES_MAX;
use hl7v3::ebxml::{Content, Header, Message, Problem};
use jiff::Timestamp;
use nhs::directory::{Contract, Pattern};
use security::Caller;

use super::House;
use super::faults::incorrect;
use super::words::PARTY_KIND;
use crate::name;

/// Why a message is not taken on.
#[derive(Debug)]
pub(super) enum Objection {
    /// What it asks for cannot be had, or not now: a SOAP fault.
    Fault(Fault),
    /// Its envelope is wrong: a message error.
    Problem(Problem),
}

impl From<Fault> for Objection {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// A value of the envelope that is not right, at this place.
pub(super) fn unknown(location: &str, description: &str) -> Objection {
    let problem = Problem::error("ValueNotRecognized", description);
    Objection::Problem(Problem { location: location.to_owned(), ..problem })
}

impl House {
    /// Whether a caller may send as the party that a message says it is from.
    ///
    /// # Errors
    /// When it may not, or the store fails.
    pub(super) fn may_send(&self, caller: &Caller, header: &Header) -> Result<(), Fault> {
        if caller.has(Caller::OPEN) {
            return Ok(());
        }
        let known = self.known()?;
        if known.party_of(&caller.system).is_some_and(|own| own == header.from.id) {
            return Ok(());
        }
        Err(incorrect("FORBIDDEN", "From is not the party of the system that calls"))
    }

    /// The contract by which a message goes, at a path that is for these patterns.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn contract(
        &self,
        header: &Header,
        patterns: &[Pattern],
        now: Timestamp,
    ) -> Result<Contract, Objection> {
        parties(header)?;
        let known = self.known()?;
        let to = known.party(&header.to.id);
        let to = to.ok_or_else(|| unknown("eb:To", "402004:To party not found"))?;
        let interaction = format!("{}:{}", header.service, header.action);
        let Some(contract) = to.contract_for(&interaction) else {
            return Err(incorrect("NOT_SUPPORTED", "").into());
        };
        if contract.cpa != header.cpa {
            let known = to.contract.iter().any(|other| other.cpa == header.cpa);
            let why = if known { "402005:Contract not found" } else { "501319:Unknown eb:CPAId" };
            return Err(unknown("eb:CPAId", why));
        }
        if !patterns.contains(&contract.pattern) {
            let why = "The interaction is not for this path";
            return Err(incorrect("NOT_SUPPORTED", why).into());
        }
        in_time(header, now)?;
        Ok(contract.clone())
    }
}

/// What the header of a message names goes into histories, the audit chain and headers of calls:
/// what is too long for that, or no name, is refused, whatever the message is.
///
/// # Errors
/// That they are.
pub(super) fn names(message: &Message) -> Result<(), Objection> {
    let header = &message.header;
    let about = match &message.content {
        Content::Acknowledgment(it) => Some(&it.ref_to),
        _ => None,
    };
    let kind = header.service.len() + header.action.len() + 1;
    let of_parties = [&header.from.id, &header.to.id, &header.cpa];
    let ids = [&header.message_id, &header.conversation];
    let ids = ids.into_iter().chain(&header.ref_to).chain(about);
    let mut named = ids.chain(of_parties).chain([&header.service, &header.action]);
    if kind > MESSAGE_KIND_BYTES_MAX || !named.all(|name| name::is_fit(name)) {
        let why = "a value is too long, or holds what is no letter, sign or space";
        return Err(unknown("eb:MessageHeader", why));
    }
    Ok(())
}

/// The kinds of parties in a header.
fn parties(header: &Header) -> Result<(), Objection> {
    if header.to.kind != PARTY_KIND {
        return Err(unknown("eb:To", "501314:Invalid To Party Type attribute"));
    }
    if header.from.kind != PARTY_KIND {
        return Err(unknown("eb:From", "501313:Invalid From Party Type attribute"));
    }
    Ok(())
}

/// Whether it may be delivered still (ebMS 3.1.6.4).
fn in_time(header: &Header, now: Timestamp) -> Result<(), Objection> {
    let Some(until) = &header.time_to_live else { return Ok(()) };
    // Without a zone it is in that of the standard, UTC.
    let read = until.parse().or_else(|_| format!("{until}Z").parse::<Timestamp>());
    match read {
        Err(_) => Err(unknown("eb:TimeToLive", "it is no instant")),
        Ok(until) if until > now => Ok(()),
        Ok(_) => {
            let problem = Problem::error("TimeToLiveExpired", "the message came too late");
            Err(Objection::Problem(problem))
        }
    }
}
