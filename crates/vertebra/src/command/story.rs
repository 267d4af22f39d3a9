//! `vertebra story`: the local systems of a demonstration act, and what travelled is shown.
//!
//! A story is played over the wire: this command only tells a system what to do, at its control
//! door, as a person in front of it would. What became of it comes back in one word, and the
//! command ends well when that is the word with which the story ends: also the unhappy ones.

mod cast;
mod diagram;
mod handover;
mod trace;
mod transfer;

use desk::control::Done;
use serde_json::json;

use self::cast::Cast;
use super::Failure;
use crate::client::Reach;
use crate::say;

/// Play a story between the local systems of a demonstration, and see what travelled.
#[derive(clap::Args)]
pub(crate) struct Story {
    /// Which story
    #[arg(value_name = "NAME")]
    name: Name,
    /// What goes wrong in it [default: nothing]
    #[arg(long, value_name = "NAME")]
    unhappy: Option<Unhappy>,
    /// How large the documents of the record are, such as 20M (transfer only)
    #[arg(long, value_name = "SIZE", value_parser = size)]
    size: Option<u64>,
    /// Write what happened as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    reach: Reach,
}

/// The stories.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Name {
    /// A practice gets a patient from the national demographics service
    Trace,
    /// A paramedic hands a patient over to an emergency department
    Handover,
    /// A practice gets a patient's record from another one, through the message broker
    Transfer,
}

/// What can go wrong in a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Unhappy {
    /// Who is asked does not run, for a while
    RecipientDown,
    /// Who is asked refuses, for a rule of its own
    RecipientRefuses,
    /// Nobody knows the patient
    PatientUnknown,
    /// What is sent is too large
    RecordTooLarge,
    /// The same is sent twice
    Duplicate,
    /// No answer comes in time
    NeverAnswered,
    /// Who asks may not
    CallerNotAllowed,
}

/// What was played: what came of it, and with what the story should end.
pub(super) struct Played {
    /// What it was about.
    title: &'static str,
    /// What came of each act, in order.
    acts: Vec<Done>,
    /// The outcomes with which the acts should end.
    expected: &'static [&'static str],
}

impl Story {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        if self.size.is_some() && !matches!(self.name, Name::Transfer) {
            return Err("--size: only the story 'transfer' has documents".to_owned());
        }
        let cast = Cast::assemble(&self.reach)?;
        let played = match self.name {
            Name::Trace => trace::play(&cast, self.unhappy)?,
            Name::Handover => handover::play(&cast, self.unhappy)?,
            Name::Transfer => transfer::play(&cast, self.unhappy, self.size)?,
        };
        if self.json {
            let ended = played.as_expected();
            say::line(&json!({ "as_expected": ended, "acts": played.acts }).to_string());
        } else {
            tell(&played, &cast);
        }
        if played.as_expected() {
            return Ok(());
        }
        let ended: Vec<&str> = played.acts.iter().map(|act| act.outcome.as_str()).collect();
        let hint = match self.unhappy {
            Some(Unhappy::CallerNotAllowed) => ". hint: an exchange with --open lets anybody in",
            _ => "",
        };
        Err(format!("the story ended with {ended:?}, and not with {:?}{hint}", played.expected))
    }
}

impl Played {
    fn as_expected(&self) -> bool {
        let ended = self.acts.iter().map(|act| act.outcome.as_str());
        ended.eq(self.expected.iter().copied())
    }
}

/// Shows what travelled: as the exchange recorded it, or else as the systems themselves saw it.
fn tell(played: &Played, cast: &Cast) {
    say::line(played.title);
    let mut shown = Vec::new();
    for act in &played.acts {
        if shown.contains(&&act.conversation) {
            continue;
        }
        shown.push(&act.conversation);
        say::line("");
        match cast.recorded(&act.conversation) {
            Some(text) => say::lines(text.trim_end()),
            None => say::lines(&diagram::drawn(&steps(played, &act.conversation))),
        }
    }
    let mut said: Vec<&str> = played.acts.iter().map(|act| act.says.as_str()).collect();
    said.dedup();
    for text in said {
        say::line("");
        say::lines(text);
    }
}

/// What was called in a conversation, in whichever act.
fn steps(played: &Played, conversation: &str) -> Vec<desk::Step> {
    let acts = played.acts.iter().filter(|act| act.conversation == conversation);
    acts.flat_map(|act| act.steps.clone()).collect()
}

/// What is said when a story has no such unhappy path.
fn no_path(paths: &str) -> Failure {
    format!("--unhappy: this story has no such path. hint: {paths}")
}

/// A number of bytes, perhaps with a unit behind it.
fn size(text: &str) -> Result<u64, String> {
    let units = [("k", 1_000), ("M", 1_000_000), ("G", 1_000_000_000)];
    let unit = units.iter().find_map(|(unit, bytes)| Some((text.strip_suffix(unit)?, *bytes)));
    let (number, unit) = unit.unwrap_or((text, 1));
    let bytes = number.parse::<u64>().ok().and_then(|number| number.checked_mul(unit));
    bytes.ok_or_else(|| "a number of bytes, or one with k, M or G behind it".to_owned())
}
