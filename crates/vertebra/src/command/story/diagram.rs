//! What a system called, drawn as a diagram: who called is on the left, who answered on the right.

use desk::Step;

/// How wide the space between the two is.
const WIDE: usize = 44;

/// Calls one after the other: an arrow there, and one back.
pub(super) fn drawn(steps: &[Step]) -> String {
    let mut lines = Vec::new();
    let mut between = ("", "");
    for step in steps {
        if between != (&step.from, &step.to) {
            between = (&step.from, &step.to);
            let gap = " ".repeat(WIDE.saturating_sub(step.from.chars().count()) + 2);
            lines.push(format!("\n  {}{gap}{}", step.from, step.to));
        }
        lines.push(format!("  |{}>|", arrow(&step.what, WIDE - 1)));
        let outcome = format!("{}, {} ms", step.outcome, step.took_ms);
        lines.push(format!("  |<{}|", arrow(&outcome, WIDE - 1)));
    }
    lines.join("\n").trim_start_matches('\n').to_owned()
}

/// `-- text -----`
fn arrow(text: &str, wide: usize) -> String {
    let used = text.chars().count() + 4;
    format!("-- {text} {}", "-".repeat(wide.saturating_sub(used).max(1)))
}
