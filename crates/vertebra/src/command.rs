//! The commands, one file each.

mod apply;
mod audit;
mod backup;
mod call;
mod cert;
mod check;
mod client;
mod demo;
mod keys;
mod mesh;
mod messages;
mod restore;
mod serve;
mod settings;
mod story;

use clap::Subcommand;

/// Why a command failed, in words for whoever typed it.
pub(crate) type Failure = String;

/// What the program can be told to do.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Run the exchange
    Serve(serve::Serve),
    /// Create or update organisations, systems and clients from a TOML file
    Apply(apply::Apply),
    /// Verify the store, the audit chain and the configuration
    Check(check::Check),
    /// See who looked at whose record, and verify that nothing of that was changed
    Audit(audit::Audit),
    /// Give systems certificates, and take them back
    Cert(cert::Cert),
    /// Copy the data folder while the exchange is serving
    Backup(backup::Backup),
    /// Put a backup in place of a data folder
    Restore(restore::Restore),
    /// Register the programs that call, give them new keys, and end them
    Client(client::Client),
    /// See and replace the keys that secrets and access tokens are sealed with
    Keys(keys::Keys),
    /// Call an API with a client's credential
    Call(call::Call),
    /// Send and fetch messages through a mailbox
    Mesh(mesh::Mesh),
    /// Find messages, see what became of them, and set them going again
    Messages(messages::Messages),
    /// Play a story between the local systems of a demonstration, and see what travelled
    Story(story::Story),
    /// Look at the demonstration nation
    Demo(demo::Demo),
    /// Print every setting with its default, as a configuration file
    Settings(settings::Settings),
}

impl Command {
    /// Does what was asked.
    pub(crate) fn run(self) -> Result<(), Failure> {
        match self {
            Self::Serve(command) => command.run()?,
            Self::Apply(command) => command.run()?,
            Self::Check(command) => command.run()?,
            Self::Audit(command) => command.run()?,
            Self::Cert(command) => command.run()?,
            Self::Backup(command) => command.run()?,
            Self::Restore(command) => command.run()?,
            Self::Client(command) => command.run()?,
            Self::Keys(command) => command.run()?,
            Self::Call(command) => command.run()?,
            Self::Mesh(command) => command.run()?,
            Self::Messages(command) => command.run()?,
            Self::Story(command) => command.run()?,
            Self::Demo(command) => command.run(),
            Self::Settings(_) => settings::Settings::run(),
        }
        Ok(())
    }
}
