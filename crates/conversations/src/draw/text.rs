//! The diagram as text, for terminals: a column for each party, an arrow to a line.

use super::{Arrow, Diagram, Style, cut};

/// How far the lines of life stand apart, in characters.
const COLUMN: usize = 44;
/// How much room the times on the left take.
const MARGIN: usize = 11;

/// Draws a diagram as text. Ends with a new line.
pub(crate) fn draw(diagram: &Diagram) -> String {
    let mut lines = vec![diagram.title.to_owned(), String::new(), heads(diagram)];
    lines.push(life_lines(diagram));
    for arrow in &diagram.arrows {
        lines.push(line(diagram, arrow));
    }
    lines.push(life_lines(diagram));
    if diagram.left_out > 0 {
        lines.push(format!("and {} more; the JSON has all of it", diagram.left_out));
    }
    let trimmed = lines.iter().map(|line| line.trim_end());
    trimmed.collect::<Vec<_>>().join("\n") + "\n"
}

/// Where the line of life of a column stands.
fn stand(column: usize) -> usize {
    MARGIN + COLUMN / 4 + column * COLUMN
}

/// The names of the parties, each over its line.
fn heads(diagram: &Diagram) -> String {
    let mut row = Row::new(diagram);
    for (column, party) in diagram.parties.iter().enumerate() {
        let name = cut(party, COLUMN - 4);
        let begin = stand(column).saturating_sub(name.chars().count() / 2).max(MARGIN);
        row.write(begin, &name);
    }
    row.text()
}

fn life_lines(diagram: &Diagram) -> String {
    let mut row = Row::new(diagram);
    for column in 0..diagram.parties.len() {
        row.write(stand(column), "│");
    }
    row.text()
}

/// An arrow with what it says on it.
fn line(diagram: &Diagram, arrow: &Arrow) -> String {
    let mut row = Row::new(diagram);
    row.write(0, &format!("{:>9}", diagram.elapsed(arrow)));
    for column in 0..diagram.parties.len() {
        row.write(stand(column), "│");
    }
    let said = if arrow.note.is_empty() {
        arrow.label.clone()
    } else {
        format!("{} ({})", arrow.label, arrow.note)
    };
    if arrow.from == arrow.to {
        row.write(stand(arrow.from) + 2, &format!("✕ {said}"));
        return row.text();
    }
    let (left, right) = (stand(arrow.from.min(arrow.to)) + 1, stand(arrow.from.max(arrow.to)) - 1);
    let shaft = if arrow.style == Style::Ask { "─" } else { "╌" };
    row.write(left, &shaft.repeat(right - left + 1));
    let head = if arrow.style == Style::Trouble { "✕" } else { ">" };
    if arrow.to > arrow.from {
        row.write(right, head);
    } else {
        row.write(left, if head == ">" { "<" } else { head });
    }
    row.write(left + 3, &format!(" {} ", cut(&said, (right - left).saturating_sub(7))));
    row.text()
}

/// A line of text that is written on in any order.
struct Row(Vec<char>);

impl Row {
    fn new(diagram: &Diagram) -> Self {
        Self(vec![' '; stand(diagram.parties.len()) + COLUMN])
    }

    fn write(&mut self, at: usize, text: &str) {
        for (place, char) in self.0.iter_mut().skip(at).zip(text.chars()) {
            *place = char;
        }
    }

    fn text(self) -> String {
        self.0.into_iter().collect()
    }
}
