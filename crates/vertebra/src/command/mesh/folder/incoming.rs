//! What arrives: fetched into TEMP, placed in IN, and only then acknowledged.

use std::path::Path;

use super::control::{Control, Status};
use super::place::{IN, TEMP};
use super::{Happened, Work};
use crate::client::{Arrival, Download, Trouble, write_whole};

impl Work<'_> {
    /// Fetches everything that waits.
    pub(super) fn fetch_all(&self) -> Result<(), Trouble> {
        let (mut from, mut first) = (None, None);
        loop {
            let found = self.mailbox.inbox("", from.as_deref())?;
            for id in &found.messages {
                match self.fetch(id) {
                    // One that is not handed out does not hold up the others.
                    Err(trouble) if trouble.status().is_some() && !trouble.may_pass() => {
                        eprintln!("{id}: {trouble}");
                        first.get_or_insert(trouble);
                    }
                    other => other?,
                }
            }
            from = found.next;
            if from.is_none() {
                return first.map_or(Ok(()), Err);
            }
        }
    }

    fn fetch(&self, id: &str) -> Result<(), Trouble> {
        if self.halt.is_told() {
            return Err(Trouble::Halted);
        }
        let download = Download::new(self.mailbox, id, &self.place.folder(TEMP))?;
        let (data, control) = (self.place.file(IN, id, "dat"), self.place.file(IN, id, "ctl"));
        // Placed before, and cut off before it was acknowledged.
        if !control.exists() {
            let arrival = download.fetch(self.halt, &mut |_| {})?;
            if !arrival.is_report() {
                download.place(&data)?;
            }
            // Written last: whoever sees it finds the data whole.
            let written = describe(id, &arrival).write().map_err(Trouble::Here)?;
            self.appear(id, &written, &control)?;
            let report = arrival.is_report();
            self.tell(&Happened::Received {
                id,
                workflow: arrival.header("mex-workflowid"),
                report,
            });
        }
        self.mailbox.acknowledge(id)?;
        download.tidy();
        Ok(())
    }

    /// Lets a file appear in one piece, and on the disk.
    fn appear(&self, id: &str, bytes: &[u8], path: &Path) -> Result<(), Trouble> {
        let temporary = self.place.file(TEMP, id, "control.partial");
        write_whole(&temporary, bytes)?;
        super::place::moved(&temporary, path)
    }
}

/// The elements of a control file, and the headers that say the same.
const SAID: [(&str, &str); 11] = [
    ("AddressType", "mex-addresstype"),
    ("WorkflowId", "mex-workflowid"),
    ("From_DTS", "mex-from"),
    ("To_DTS", "mex-to"),
    ("Subject", "mex-subject"),
    ("LocalId", "mex-localid"),
    ("PartnerId", "mex-partnerid"),
    ("Encrypted", "mex-content-encrypted"),
    ("IsCompressed", "mex-content-compressed"),
    ("DataChecksum", "mex-content-checksum"),
    ("LinkedMsgId", "mex-linkedmsgid"),
];

/// The control file of a message that arrived.
fn describe(id: &str, arrival: &Arrival) -> Control {
    let mut control = Control::default();
    control.set("Version", "1.0");
    control.set("MessageType", if arrival.is_report() { "Report" } else { "Data" });
    control.set("DTSId", id);
    for (element, header) in SAID {
        control.set(element, arrival.header(header));
    }
    control.ended(&Status {
        at: arrival.header("mex-statustimestamp"),
        event: arrival.header("mex-statusevent"),
        success: arrival.header("mex-statussuccess") != "ERROR",
        code: arrival.header("mex-statuscode"),
        description: arrival.header("mex-statusdescription"),
    });
    control
}

#[cfg(test)]
mod tests;
