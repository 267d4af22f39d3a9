//! `vertebra messages`: where every message is, and setting going what has stopped.

mod endpoint;
mod find;
mod operator;
mod release;
mod resend;
mod show;
mod tail;
mod timeline;

use clap::Subcommand;

use super::Failure;

/// Find messages, see what became of them, and set them going again.
#[derive(clap::Args)]
pub(crate) struct Messages {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Find messages by who, what, when and how they fare, newest first
    Find(find::Find),
    /// Show everything that happened to a message, or in a conversation
    Show(show::Show),
    /// Follow messages: one line for each change, until Ctrl-C
    Tail(tail::Tail),
    /// Send a delivery again that has come to an end
    Resend(resend::Resend),
    /// Let later messages of an ordering key pass a delivery that was given up
    Release(release::Release),
    /// Stop pushes to an endpoint
    Park(endpoint::Park),
    /// Let pushes to an endpoint go on
    Unpark(endpoint::Unpark),
}

impl Messages {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        match &self.what {
            What::Find(command) => command.run(),
            What::Show(command) => command.run(),
            What::Tail(command) => command.run(),
            What::Resend(command) => command.run(),
            What::Release(command) => command.run(),
            What::Park(command) => command.run(),
            What::Unpark(command) => command.run(),
        }
    }
}
