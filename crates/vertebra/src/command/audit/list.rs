//! `vertebra audit list`: who did what, the newest first; of one patient, if asked for.

use std::io::BufRead;
use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use nhs::NhsNumber;
use store::{Access, AuditFolder};

use crate::command::Failure;
use crate::progress::Progress;
use crate::say;

/// List who did what, the newest first.
#[derive(clap::Args)]
pub(crate) struct List {
    /// The data folder, or a backup; the exchange may be serving
    #[arg(long, value_name = "DIR", default_value = "./vertebra-data")]
    data: PathBuf,
    /// Only accesses to one patient's record: the NHS number is read from standard input, since
    /// anybody on this machine can see a command line
    #[arg(long)]
    patient: bool,
    /// Only accesses by this client
    #[arg(long, value_name = "CLIENT")]
    client: Option<String>,
    /// Only accesses at or after this instant, such as 2026-11-22T10:00:00Z
    #[arg(long, value_name = "INSTANT")]
    since: Option<Timestamp>,
    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 100,
          value_parser = clap::value_parser!(u32).range(1..=100_000))]
    most: u32,
    /// Write each access as JSON, as it stands on the chain
    #[arg(long)]
    json: bool,
}

/// By how much lines may be out of order: they stand in the order of their commits, and a request
/// may have begun a while before.
const OUT_OF_ORDER: SignedDuration = SignedDuration::from_mins(10);

impl List {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let failed = |error: store::StoreError| error.to_string();
        let chain = AuditFolder::open(&self.data).map_err(failed)?;
        let patient = if self.patient {
            Some(chain.pseudonym(&number(std::io::stdin().lock())?).map_err(failed)?)
        } else {
            None
        };
        let total = chain.lines().map_err(failed)?;
        let mut progress = Progress::new("looking");
        progress.at(0, total);
        let (mut found, mut strange) = (Vec::new(), None);
        let visit = &mut |number, line: &str| {
            progress.at(total - number, total);
            let Ok(access) = serde_json::from_str::<Access>(line) else {
                strange = Some(number);
                return false;
            };
            if self.wants(&access, patient.as_deref()) {
                found.push(if self.json { line.to_owned() } else { readable(number, &access) });
            }
            let latest = access.at.checked_add(OUT_OF_ORDER).unwrap_or(Timestamp::MAX);
            let older = self.since.is_some_and(|since| latest < since);
            found.len() < self.most as usize && !older
        };
        let read = match &patient {
            Some(patient) => chain.read_back_of(patient, visit),
            None => chain.read_back(visit),
        };
        progress.done(total);
        for line in &found {
            say::line(line);
        }
        read.map_err(failed)?;
        strange.map_or(Ok(()), |number| Err(format!("line {number} is no access")))
    }

    fn wants(&self, access: &Access, patient: Option<&str>) -> bool {
        let of_patient = |name: &str| access.subjects.iter().any(|subject| subject == name);
        self.client.as_ref().is_none_or(|client| *client == access.client)
            && self.since.is_none_or(|since| access.at >= since)
            && patient.is_none_or(of_patient)
    }
}

/// The NHS number on the first line of the input.
fn number(mut input: impl BufRead) -> Result<String, Failure> {
    let mut line = String::new();
    input.read_line(&mut line).map_err(|error| format!("cannot read the NHS number: {error}"))?;
    let digits: String = line.chars().filter(|c| !c.is_whitespace()).collect();
    match NhsNumber::parse(&digits) {
        Some(number) => Ok(number.as_str().to_owned()),
        None => Err("what was read is no NHS number; hint: echo 9000000009 | vertebra audit list \
                     --patient"
            .to_owned()),
    }
}

/// An access on one line. Who was looked at stays a pseudonym.
fn readable(number: u64, access: &Access) -> String {
    let Access { at, service, interaction, mode, client, organisation, user, .. } = access;
    let of = |name: &str, value: &str| match value {
        "" => String::new(),
        value => format!(" {name} {value}"),
    };
    format!(
        "{at:.3} #{number} {service} {interaction}{} {} by {client}{}{} as {mode}{}{}{}",
        of("to", &access.recipient),
        access.outcome,
        of("of", organisation),
        of("user", user),
        of("for", &access.claimed),
        of("request", &access.request),
        of("trace", &access.trace),
    )
}

#[cfg(test)]
mod tests;
