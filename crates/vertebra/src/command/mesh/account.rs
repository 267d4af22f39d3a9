//! Which mailbox a command acts for.

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
    /// Its password; better in `VERTEBRA_MESH_PASSWORD` [default: the demonstration's]
    #[arg(long, value_name = "TEXT")]
    password: Option<String>,
    /// The key that all mailboxes share; better in `VERTEBRA_MESH_SHARED_KEY` [default: the
    /// demonstration's]
    #[arg(long, value_name = "TEXT")]
    shared_key: Option<String>,
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
        let secret = |said: &Option<String>, name: &str, known: Option<&String>, flag: &str| {
            let said = said.clone().map(Secret::new).or_else(|| environment::secret(name));
            said.or_else(|| known.cloned().map(Secret::new)).ok_or_else(|| {
                format!(
                    "{flag}: nobody says what it is for mailbox {id}. hint: set {name}, or name \
                     the data folder of a demonstration that has the mailbox with --data"
                )
            })
        };
        let identity = Identity {
            password: secret(
                &self.password,
                MESH_PASSWORD,
                known.map(|known| &known.password),
                "--password",
            )?,
            shared_key: secret(
                &self.shared_key,
                MESH_SHARED_KEY,
                known.map(|known| &known.shared_key),
                "--shared-key",
            )?,
            mailbox: id,
        };
        Ok(Mailbox::new(self.reach.client(&demonstration)?, identity))
    }
}
