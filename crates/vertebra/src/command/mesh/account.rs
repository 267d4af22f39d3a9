//! Which mailbox a command acts for.

use std::path::PathBuf;

use base::Secret;

use crate::client::{Identity, Mailbox, Reach};
use crate::command::Failure;
use crate::config::environment::{self, MESH_PASSWORD, MESH_SHARED_KEY};

/// Which mailbox a command acts for.
#[derive(clap::Args)]
pub(crate) struct Account {
    /// The mailbox that you are
    #[arg(long, value_name = "ID")]
    mailbox: String,
    /// A file with its password [default: `VERTEBRA_MESH_PASSWORD`, or the demonstration's]
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// A file with the key that all mailboxes share [default: `VERTEBRA_MESH_SHARED_KEY`, or the
    /// demonstration's]
    #[arg(long, value_name = "FILE")]
    shared_key_file: Option<PathBuf>,
    #[command(flatten)]
    reach: Reach,
}

impl Account {
    /// The mailbox, with all that is needed to reach it.
    ///
    /// # Errors
    /// When nobody says what it proves itself with.
    pub(crate) fn mailbox(&self) -> Result<Mailbox, Failure> {
        let demonstration = self.reach.demonstration()?;
        let id = self.mailbox.to_ascii_uppercase();
        let known = demonstration.mailbox(&id);
        let secret = |file: &Option<PathBuf>, name: &str, known: Option<&String>, flag: &str| {
            let said = file.as_deref().map(environment::secret_in).transpose()?;
            let said = said.or_else(|| environment::secret(name));
            said.or_else(|| known.cloned().map(Secret::new)).ok_or_else(|| {
                format!(
                    "{flag}: nobody says what it is for mailbox {id}. hint: set {name}, or name \
                     the data folder of a demonstration that has the mailbox with --data"
                )
            })
        };
        let identity = Identity {
            password: secret(
                &self.password_file,
                MESH_PASSWORD,
                known.map(|known| &known.password),
                "--password-file",
            )?,
            shared_key: secret(
                &self.shared_key_file,
                MESH_SHARED_KEY,
                known.map(|known| &known.shared_key),
                "--shared-key-file",
            )?,
            mailbox: id,
        };
        Ok(Mailbox::new(self.reach.client(&demonstration)?, identity))
    }
}
