//! What is sent: claimed from OUT by moving it to TEMP, sent, noted, and moved to SENT.
//!
//! A name in TEMP tells how far it came: `x.ctl` is claimed; `x.sent`, the control file with what
//! became of it, is sent, so that only moving it is left to do. `x.failed` likewise.

use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, SystemTime};

use base::limit::CONTROL_FILE_BYTES_MAX;
use jiff::tz::TimeZone;

use super::control::{Control, Status};
use super::place::{FAILED, OUT, SENT, TEMP, moved, removed};
use super::{Happened, Work};
use crate::client::{Trouble, Upload, write_whole};

/// How long a control file must have been left alone before it is looked at.
const SETTLED: Duration = Duration::from_secs(1);

/// What a round over OUT has left there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Left {
    Nothing,
    /// A pair that somebody may still be writing.
    Young,
}

impl Work<'_> {
    /// Sends everything in OUT, after what was on its way before.
    pub(super) fn send_all(&self) -> Result<Left, Trouble> {
        for (note, folder) in [("sent", SENT), ("failed", FAILED)] {
            for name in self.place.named(TEMP, note)? {
                self.put_away(&name, note, folder)?;
            }
        }
        let mut first = None;
        for name in self.place.named(TEMP, "ctl")? {
            self.one(&name, &mut first)?;
        }
        let mut left = Left::Nothing;
        for name in self.place.named(OUT, "ctl")? {
            if !self.place.file(OUT, &name, "dat").exists() {
                continue; // the control file came first: the data is still to come
            }
            if !self.is_settled(&self.place.file(OUT, &name, "ctl")) {
                left = Left::Young;
                continue;
            }
            let claimed = self.place.file(TEMP, &name, "ctl");
            if claimed.exists() {
                continue; // an earlier one of the same name is not through yet
            }
            moved(&self.place.file(OUT, &name, "ctl"), &claimed)?;
            self.one(&name, &mut first)?;
        }
        first.map_or(Ok(left), Err)
    }

    /// One pair. When it is refused for now, that does not hold up the others, and is noted.
    fn one(&self, name: &str, first: &mut Option<Trouble>) -> Result<(), Trouble> {
        if self.halt.is_told() {
            return Err(Trouble::Halted);
        }
        match self.go_on(name) {
            Err(trouble) if trouble.status().is_some() => {
                eprintln!("{name}: {trouble}");
                first.get_or_insert(trouble);
                Ok(())
            }
            other => other,
        }
    }

    /// Whether nobody wrote a file lately. A clock that went wrong does not hold it up for ever.
    fn is_settled(&self, path: &Path) -> bool {
        let now = SystemTime::from(self.mailbox.clock().now());
        let written = fs::metadata(path).and_then(|metadata| metadata.modified()).unwrap_or(now);
        let age = now.duration_since(written).unwrap_or_else(|ahead| ahead.duration());
        age >= SETTLED
    }

    /// Does what is left to do with a pair that was claimed.
    fn go_on(&self, name: &str) -> Result<(), Trouble> {
        let data = self.place.file(TEMP, name, "dat");
        if !data.exists() {
            moved(&self.place.file(OUT, name, "dat"), &data)?;
        }
        let control = self.place.file(TEMP, name, "ctl");
        let read = read(&control)?;
        let sent = match &read {
            Ok(control) => self.send(name, control, &data),
            Err(why) => Err(Trouble::Here(format!("the control file {why}"))),
        };
        match sent {
            Ok(id) => {
                let mut control = read.unwrap_or_default();
                control.set("DTSId", &id);
                self.conclude(name, control, "sent", "00", "Transferred to the exchange")?;
                self.put_away(name, "sent", SENT)?;
                self.tell(&Happened::Sent { name, id: &id });
                Ok(())
            }
            Err(trouble) if is_for_later(&trouble) => Err(trouble),
            Err(trouble) => {
                let why = trouble.to_string();
                let (code, said) = match &trouble {
                    Trouble::Refused { code, text, .. } => (code.as_str(), text.as_str()),
                    _ => ("", why.as_str()),
                };
                self.conclude(name, read.unwrap_or_default(), "failed", code, said)?;
                self.put_away(name, "failed", FAILED)?;
                self.tell(&Happened::Failed { name, why: &why });
                Ok(())
            }
        }
    }

    fn send(&self, name: &str, control: &Control, data: &Path) -> Result<String, Trouble> {
        let headers = self.headers(name, control).map_err(Trouble::Here)?;
        let file = File::open(data).map_err(|error| Trouble::file(data, &error))?;
        let bytes = file.metadata().map_err(|error| Trouble::file(data, &error))?.len();
        if bytes == 0 {
            return Err(Trouble::Here("the data file is empty, and a message is not".into()));
        }
        let whole = control.get("AllowChunking").eq_ignore_ascii_case("N");
        let upload = Upload {
            file: &file,
            bytes,
            part_bytes: if whole { u64::MAX } else { self.chunk_bytes },
            compress: control.is("Compress") && !control.is("IsCompressed"),
            headers,
        };
        upload.send(self.mailbox, self.halt, &mut |_| {})
    }

    /// What a control file says, as headers.
    fn headers(
        &self,
        name: &str,
        control: &Control,
    ) -> Result<Vec<(&'static str, String)>, String> {
        let kind = control.get("MessageType");
        if !(kind.is_empty() || kind.eq_ignore_ascii_case("Data")) {
            return Err("MessageType: only Data is sent".into());
        }
        let from = control.get("From_DTS");
        if !(from.is_empty() || from.eq_ignore_ascii_case(self.mailbox.id())) {
            return Err(format!("From_DTS: this is the folder of {}", self.mailbox.id()));
        }
        for required in ["To_DTS", "WorkflowId"] {
            if control.get(required).is_empty() {
                return Err(format!("{required}: is missing"));
            }
        }
        let said = |element| control.get(element).to_owned();
        let flag = |element| if control.is(element) { "Y".to_owned() } else { String::new() };
        Ok(vec![
            ("mex-to", said("To_DTS")),
            ("mex-workflowid", said("WorkflowId")),
            ("mex-filename", format!("{name}.dat")),
            ("mex-subject", said("Subject")),
            ("mex-localid", said("LocalId")),
            ("mex-partnerid", said("PartnerId")),
            ("mex-content-checksum", said("DataChecksum")),
            ("mex-content-encrypted", flag("Encrypted")),
            ("mex-content-compressed", flag("IsCompressed")),
        ])
    }

    /// Notes on the disk what became of a pair.
    fn conclude(
        &self,
        name: &str,
        mut control: Control,
        note: &str,
        code: &str,
        description: &str,
    ) -> Result<(), Trouble> {
        let now = self.mailbox.clock().now().to_zoned(TimeZone::UTC);
        let success = note == "sent";
        control.ended(&Status {
            at: &now.strftime("%Y%m%d%H%M%S").to_string(),
            event: if success { "TRANSFER" } else { "SEND" },
            success,
            code,
            description,
        });
        let bytes = control.write().map_err(Trouble::Here)?;
        write_whole(&self.place.file(TEMP, name, note), &bytes)
    }

    /// Moves a pair that was noted to where it stays. May be cut off anywhere and done again.
    fn put_away(&self, name: &str, note: &str, folder: &str) -> Result<(), Trouble> {
        let note = self.place.file(TEMP, name, note);
        let name_there = self.free_name(name, folder, &note);
        let data = self.place.file(TEMP, name, "dat");
        moved(&data, &self.place.file(folder, &name_there, "dat"))?;
        let control = self.place.file(TEMP, name, "ctl");
        if control.exists() && read(&control)?.is_err() {
            // What nobody can read is kept for whoever wrote it.
            moved(&control, &self.place.file(folder, &name_there, "unreadable"))?;
        }
        removed(&control)?;
        // Last: while the note is in TEMP, all this is done again.
        moved(&note, &self.place.file(folder, &name_there, "ctl"))
    }

    /// The name under which a pair is put away: its own, or one with the time of its note when an
    /// earlier pair had the same.
    fn free_name(&self, name: &str, folder: &str, note: &Path) -> String {
        if !self.place.file(folder, name, "ctl").exists() {
            return name.to_owned();
        }
        let written = fs::metadata(note).and_then(|metadata| metadata.modified()).ok();
        let since = written.and_then(|at| at.duration_since(SystemTime::UNIX_EPOCH).ok());
        format!("{name}-{}", since.unwrap_or_default().as_micros())
    }
}

/// Whether the fault is not the pair's, so that it is kept and tried again: an exchange that does
/// not answer, or does not let us in, or is not what it should be.
fn is_for_later(trouble: &Trouble) -> bool {
    let for_ever = |status| matches!(status, 400 | 406 | 410 | 413 | 415 | 417 | 422 | 423);
    match trouble {
        Trouble::Here(_) => false,
        Trouble::Refused { status, .. } => !for_ever(*status),
        Trouble::Unanswered(_) | Trouble::Halted => true,
    }
}

/// A control file, or what is wrong with it.
fn read(path: &Path) -> Result<Result<Control, String>, Trouble> {
    use std::io::Read;
    let mut bytes = Vec::new();
    let most = CONTROL_FILE_BYTES_MAX as u64 + 1;
    let read = File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes));
    read.map_err(|error| Trouble::file(path, &error))?;
    Ok(Control::read(&bytes))
}

#[cfg(test)]
mod tests;
