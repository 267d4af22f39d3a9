//! The diagram in sentences: for who cannot see it, and for who would rather read.

use super::{Diagram, Style};

/// One sentence for each arrow, in the order of time.
pub(crate) fn tell(diagram: &Diagram) -> Vec<String> {
    let name = |column: usize| diagram.parties.get(column).map_or("", String::as_str);
    let sentences = diagram.arrows.iter().map(|arrow| {
        let (from, to, label) = (name(arrow.from), name(arrow.to), &arrow.label);
        let said = match arrow.style {
            _ if arrow.from == arrow.to => format!("{from}: {label}"),
            Style::Ask => format!("{from} to {to}: {label}"),
            Style::Answer | Style::Receipt | Style::Trouble => {
                format!("{from} back to {to}: {label}")
            }
        };
        match arrow.note.as_str() {
            "" => said,
            note => format!("{said} ({note})"),
        }
    });
    sentences.collect()
}
