//! In whose name a command asks about messages.

use std::path::PathBuf;

use base::Secret;

use crate::client::{MessageApi, Reach, Trouble};
use crate::command::Failure;
use crate::config::environment::{self, TOKEN};

/// In whose name a command asks about messages.
#[derive(clap::Args)]
pub(crate) struct Operator {
    /// A file with a bearer token [default: `VERTEBRA_TOKEN`, or the demonstration's operator's]
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    #[command(flatten)]
    reach: Reach,
}

impl Operator {
    /// The messages API, with all that is needed to reach it.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(crate) fn api(&self) -> Result<MessageApi, Failure> {
        let demonstration = self.reach.demonstration()?;
        let said = self.token_file.as_deref().map(environment::secret_in).transpose()?;
        let said = said.or_else(|| environment::secret(TOKEN));
        // A demonstration's token goes nowhere else. Without any, an open exchange lets us in.
        let here = demonstration.serves(self.reach.url(&demonstration));
        let known = demonstration.operator().filter(|_| here);
        let token = said.or_else(|| known.map(|token| Secret::new(token.to_owned())));
        Ok(MessageApi::new(self.reach.client(&demonstration)?, token))
    }
}

/// The same trouble, about a message that somebody named.
pub(crate) fn about(id: &str, trouble: &Trouble) -> Failure {
    match trouble.status() {
        Some(404) => format!("{id}: there is none, or none that you may know of ({trouble})"),
        _ => format!("{id}: {trouble}"),
    }
}
