//! `vertebra mesh`: a mailbox for people. It speaks to any exchange that offers the API, ours or
//! the national one.

mod account;
mod acknowledge;
mod fetch;
mod folder;
mod handshake;
mod list;
mod send;
mod track;

use clap::Subcommand;

use super::Failure;

/// Send and fetch messages through a mailbox.
#[derive(clap::Args)]
pub(crate) struct Mesh {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Send a file
    Send(send::Send),
    /// List what waits in the mailbox, oldest first
    List(list::List),
    /// Fetch messages into a folder
    Fetch(fetch::Fetch),
    /// Say that messages arrived: they are not listed any more
    Ack(acknowledge::Acknowledge),
    /// Tell what became of a message that was sent
    Track(track::Track),
    /// Try whether the credentials work
    Handshake(handshake::Handshake),
    /// Send what is put into a folder, and put there what arrives
    Folder(folder::Folder),
}

impl Mesh {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        match &self.what {
            What::Send(command) => command.run(),
            What::List(command) => command.run(),
            What::Fetch(command) => command.run(),
            What::Ack(command) => command.run(),
            What::Track(command) => command.run(),
            What::Handshake(command) => command.run(),
            What::Folder(command) => command.run(),
        }
    }
}
