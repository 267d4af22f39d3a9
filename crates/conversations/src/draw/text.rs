//! The diagram as text, for terminals: a column for each party, an arrow to a line.

use super::{Arrow, Diagram, Style, cut, in_two};

/// How far the lines of life stand apart, in characters.
const COLUMN: usize = 36;
/// How much room the times on the left take.
const MARGIN: usize = 11;

/// Draws a diagram as text. Ends with a new line.
pub(crate) fn draw(diagram: &Diagram) -> String {
    let mut lines = vec![diagram.title.to_owned(), String::new()];
    lines.extend(heads(diagram));
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
    MARGIN + COLUMN / 3 + column * COLUMN
}

/// The names of the parties, each over its line of life, in two lines where one is too short.
fn heads(diagram: &Diagram) -> Vec<String> {
    let names: Vec<_> = diagram.parties.iter().map(|party| in_two(party, COLUMN - 6)).collect();
    let rows = names.iter().map(Vec::len).max().unwrap_or(0);
    let row = |place: usize| {
        let mut row = Row::new(diagram);
        for (column, lines) in names.iter().enumerate() {
            if let Some(name) = lines.get(place) {
                row.write(stand(column).saturating_sub(name.chars().count() / 2), name);
            }
        }
        row.text()
    };
    (0..rows).map(row).collect()
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
    let whole = format!("{} ({})", arrow.label, arrow.note);
    if arrow.from == arrow.to {
        let said = if arrow.note.is_empty() { &arrow.label } else { &whole };
        row.write(stand(arrow.from) + 2, &format!("✕ {said}"));
        return row.text();
    }
    let (left, right) = (stand(arrow.from.min(arrow.to)) + 1, stand(arrow.from.max(arrow.to)) - 1);
    let shaft = match arrow.style {
        Style::Ask => "─",
        Style::Answer | Style::Trouble => "╌",
        Style::Receipt => "·",
    };
    row.write(left, &shaft.repeat(right - left + 1));
    let head = if arrow.style == Style::Trouble { "✕" } else { ">" };
    if arrow.to > arrow.from {
        row.write(right, head);
    } else {
        row.write(left, if head == ">" { "<" } else { head });
    }
    let room = (right - left).saturating_sub(5);
    let fits = !arrow.note.is_empty() && whole.chars().count() <= room;
    let said = if fits { whole } else { cut(&arrow.label, room) };
    row.write(left + 2, &format!(" {said} "));
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
