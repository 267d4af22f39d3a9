//! `vertebra audit`: who looked at whose record, and proof that nothing of that was changed.

mod head;
mod list;
mod rotate_key;
mod verify;

use clap::Subcommand;

use super::Failure;

/// Look at the audit chain, and verify it.
#[derive(clap::Args)]
pub(crate) struct Audit {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Verify every line and every signed checkpoint; needs no running exchange
    Verify(verify::Verify),
    /// Print the newest signed checkpoint, to be kept elsewhere
    Head(head::Head),
    /// List who did what, the newest first
    List(list::List),
    /// Replace the key that signs checkpoints; what it signed stays verifiable
    RotateKey(rotate_key::RotateKey),
}

impl Audit {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        match &self.what {
            What::Verify(command) => command.run(),
            What::Head(command) => command.run(),
            What::List(command) => command.run(),
            What::RotateKey(command) => command.run(),
        }
    }
}
