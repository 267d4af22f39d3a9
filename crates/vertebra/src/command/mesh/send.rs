//! `vertebra mesh send`: a file becomes a message.

use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::path::Path;

use super::account::Account;
use crate::client::{Halt, Trouble, Upload};
use crate::command::Failure;
use crate::progress::Progress;
use crate::say;

/// Send a file.
#[derive(clap::Args)]
pub(crate) struct Send {
    /// The file; - for standard input
    #[arg(value_name = "FILE")]
    file: String,
    /// The mailbox that it goes to
    #[arg(long, value_name = "MAILBOX")]
    to: String,
    /// What kind of message it is
    #[arg(long, value_name = "WORKFLOW")]
    workflow: String,
    /// What it is about; no patient data here
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    subject: String,
    /// Your own id for it, to track it by
    #[arg(long, value_name = "ID", default_value = "", hide_default_value = true)]
    local_id: String,
    /// What kind of file it is, such as application/json
    #[arg(long, value_name = "TYPE", default_value = "", hide_default_value = true)]
    content_type: String,
    /// A checksum of yours, handed on as it is
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    checksum: String,
    /// The conversation that it belongs to
    #[arg(long, value_name = "ID", default_value = "", hide_default_value = true)]
    conversation: String,
    /// The message that it answers
    #[arg(long, value_name = "ID", default_value = "", hide_default_value = true)]
    in_reply_to: String,
    /// It is encrypted, and only its receiver can read it
    #[arg(long)]
    encrypted: bool,
    /// Compress it on the way
    #[arg(long)]
    compress: bool,
    /// Send it in parts of so many bytes when it is larger
    #[arg(long, value_name = "N", default_value_t = 50 * 1024 * 1024,
          value_parser = clap::value_parser!(u64).range(1..))]
    chunk_bytes: u64,
    #[command(flatten)]
    account: Account,
    /// Write the result as JSON
    #[arg(long)]
    json: bool,
}

impl Send {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let mailbox = self.account.mailbox()?;
        let file = self.open()?;
        let bytes = file.metadata().map_err(|error| format!("{}: {error}", self.file))?.len();
        if bytes == 0 {
            return Err(format!("{}: is empty, and a message is not", self.file));
        }
        let upload = Upload {
            file: &file,
            bytes,
            part_bytes: self.chunk_bytes,
            compress: self.compress,
            headers: self.headers(),
        };
        // Nobody watches a small file being sent.
        let mut progress = (bytes > self.chunk_bytes).then(|| Progress::new("bytes sent"));
        if let Some(progress) = &mut progress {
            progress.at(0, bytes);
        }
        let sent = upload.send(&mailbox, &Halt::default(), &mut |done| {
            if let Some(progress) = &mut progress {
                progress.at(done, bytes);
            }
        });
        let id = sent.map_err(|trouble| self.lost(&trouble))?;
        if let Some(progress) = progress {
            progress.done(bytes);
        }
        if self.json {
            say::line(&serde_json::json!({ "message": id, "bytes": bytes }).to_string());
        } else {
            say::line(&id);
        }
        Ok(())
    }

    /// The file, or a copy of standard input whose size is known.
    fn open(&self) -> Result<File, Failure> {
        if self.file != "-" {
            let file = File::open(Path::new(&self.file));
            return file.map_err(|error| format!("cannot read {}: {error}", self.file));
        }
        let failed = |error: std::io::Error| format!("cannot keep standard input: {error}");
        let mut copy = tempfile::tempfile().map_err(failed)?;
        std::io::copy(&mut std::io::stdin().lock(), &mut copy).map_err(failed)?;
        copy.seek(SeekFrom::Start(0)).map_err(failed)?;
        Ok(copy)
    }

    fn headers(&self) -> Vec<(&'static str, String)> {
        let name = Path::new(&self.file).file_name().filter(|_| self.file != "-");
        let name = name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let encrypted = if self.encrypted { "Y" } else { "" };
        vec![
            ("mex-to", self.to.clone()),
            ("mex-workflowid", self.workflow.clone()),
            ("mex-filename", name),
            ("mex-subject", self.subject.clone()),
            ("mex-localid", self.local_id.clone()),
            ("mex-content-checksum", self.checksum.clone()),
            ("mex-content-encrypted", encrypted.to_owned()),
            ("mex-conversation-id", self.conversation.clone()),
            ("mex-in-reply-to", self.in_reply_to.clone()),
            ("content-type", self.content_type.clone()),
        ]
    }

    /// What to tell of a message that was perhaps not sent.
    fn lost(&self, trouble: &Trouble) -> Failure {
        let unanswered = matches!(trouble, Trouble::Unanswered(_));
        if unanswered && !self.local_id.is_empty() {
            let local = &self.local_id;
            return format!(
                "{trouble}\nIt may have been sent all the same. hint: `vertebra mesh track \
                 --local-id {local}` tells, before you send it again"
            );
        }
        trouble.to_string()
    }
}
