//! Dependencies are on trial: each says why it is here.

use super::Breach;
use super::source::Source;

/// Dependencies of the workspace without a `# why` at the end of their line.
pub(crate) fn reasonless(root: &Source) -> Vec<Breach> {
    let mut inside = false;
    let mut breaches = Vec::new();
    for (at, line) in root.numbered() {
        let text = line.raw.trim();
        if text.starts_with('[') {
            inside = text == "[workspace.dependencies]";
        } else if inside && wants_reason(text) {
            let name = text.split(['=', ' ']).next().unwrap_or_default();
            let what = format!("nobody says why `{name}` is here");
            breaches.push(Breach::new(root, at, what, "end the line with `# why`"));
        }
    }
    breaches
}

/// Whether a line brings in somebody else's crate and is silent about why.
fn wants_reason(line: &str) -> bool {
    let ours = line.contains("path =");
    let silent = line.split_once('#').is_none_or(|(_, why)| why.trim().is_empty());
    line.contains('=') && !line.starts_with('#') && !ours && silent
}

#[cfg(test)]
mod tests;
