//! The diagram as SVG: boxes, lines of life and arrows, as in a textbook. It needs no script and
//! no style sheet, and reads in light and in print; the pages' style sheet knows the colours, and
//! turns them for who wants it dark.

use std::fmt::{Display, Write};

use super::{Arrow, Diagram, Style, cut, in_two, told};

/// Colours: of words, of what is less important, of lines, of receipts and of trouble.
const INK: &str = "#1c2733";
const QUIET: &str = "#50606f";
const LEAD: &str = "#0b5c8a";
const GREEN: &str = "#2b7a3d";
const RED: &str = "#b3261e";
/// How far the lines of life stand apart.
const COLUMN: usize = 300;
/// How wide and high the box of a party is.
const BOX: (usize, usize) = (240, 56);
/// How much room the times on the left take.
const MARGIN: usize = 96;
/// Where the first arrow is, and how far arrows are apart: those that say something under their
/// line as well, and the others.
const FIRST: usize = 152;
const STEP: usize = 54;
const SHORT_STEP: usize = 38;
/// How many characters fit over an arrow from one column to the next, and into a line of a box.
const LABEL_CHARS: usize = 37;
const NOTE_CHARS: usize = 44;
const NAME_CHARS: usize = 28;

/// Draws a diagram as SVG.
pub(crate) fn draw(diagram: &Diagram) -> String {
    let columns = diagram.parties.len().max(1);
    let width = stand(columns - 1) + BOX.0 / 2 + 60;
    let (places, bottom) = places(diagram);
    let height = bottom + 96;
    let title = format!("{}: {}", diagram.subject, diagram.title);
    let sentences = told::tell(diagram).join(". ");
    let mut inside = element("title", &[("id", &"drawn")], &escaped(&title));
    inside += &element("desc", &[("id", &"told")], &escaped(&sentences));
    inside += &heads();
    inside += &element("rect", &[("width", &width), ("height", &height), ("fill", &"#fff")], "");
    for (column, party) in diagram.parties.iter().enumerate() {
        inside += &life_line(column, party, bottom);
    }
    for (y, shown) in places.into_iter().zip(&diagram.arrows) {
        let at = escaped(&diagram.elapsed(shown));
        let place: [(&str, &dyn Display); 2] = [("x", &(MARGIN - 18)), ("y", &y)];
        inside += &text(place, 12, &[("fill", &QUIET), ("text-anchor", &"end")], &at);
        inside += &if shown.from == shown.to { note(shown, y) } else { arrow(shown, y) };
    }
    inside += &legend(bottom + 40);
    let attributes: [(&str, &dyn Display); 7] = [
        ("xmlns", &"http://www.w3.org/2000/svg"),
        ("viewBox", &format!("0 0 {width} {height}")),
        ("width", &width),
        ("height", &height),
        ("role", &"img"),
        ("aria-labelledby", &"drawn told"),
        ("font-family", &"system-ui, sans-serif"),
    ];
    element("svg", &attributes, &inside)
}

/// How far down each arrow is, and the end of the lines of life.
fn places(diagram: &Diagram) -> (Vec<usize>, usize) {
    let mut y = FIRST;
    let mut places = Vec::new();
    for arrow in &diagram.arrows {
        places.push(y);
        y += if arrow.note.is_empty() { SHORT_STEP } else { STEP };
    }
    (places, y)
}

/// An element with what is inside. Attributes and inside are escaped already.
fn element(name: &str, attributes: &[(&str, &dyn Display)], inside: &str) -> String {
    let mut written = format!("<{name}");
    for (attribute, value) in attributes {
        // Writing into a String cannot fail.
        let _ = write!(written, " {attribute}=\"{value}\"");
    }
    let _ = write!(written, ">{inside}</{name}>");
    written
}

/// Words at a place, in a size.
fn text(
    place: [(&str, &dyn Display); 2],
    size: usize,
    others: &[(&str, &dyn Display)],
    words: &str,
) -> String {
    let first = [&place[..], &[("font-size", &size)]].concat();
    element("text", &[&first[..], others].concat(), words)
}

/// The heads of arrows.
fn heads() -> String {
    let head = |id: &str, size: usize, path: &[(&str, &dyn Display)]| {
        let attributes: [(&str, &dyn Display); 7] = [
            ("id", &id),
            ("viewBox", &"0 0 10 10"),
            ("refX", &9),
            ("refY", &5),
            ("markerWidth", &size),
            ("markerHeight", &size),
            ("orient", &"auto"),
        ];
        element("marker", &attributes, &element("path", path, ""))
    };
    let full = head("full", 9, &[("d", &"M0 0L10 5L0 10z"), ("fill", &LEAD)]);
    let open = head(
        "open",
        10,
        &[("d", &"M0 0L9 5L0 10"), ("fill", &"none"), ("stroke", &GREEN), ("stroke-width", &1.6)],
    );
    let cross =
        head("cross", 10, &[("d", &"M1 1L9 9M9 1L1 9"), ("stroke", &RED), ("stroke-width", &2)]);
    element("defs", &[], &[full, open, cross].concat())
}

/// Where the line of life of a column stands.
fn stand(column: usize) -> usize {
    MARGIN + BOX.0 / 2 + column * COLUMN
}

/// The box of a party, and the line under it.
fn life_line(column: usize, party: &str, bottom: usize) -> String {
    let (x, top) = (stand(column), 40);
    let down: [(&str, &dyn Display); 6] = [
        ("x1", &x),
        ("y1", &(top + BOX.1)),
        ("x2", &x),
        ("y2", &bottom),
        ("stroke", &"#9aa7b3"),
        ("stroke-dasharray", &"2 5"),
    ];
    let frame: [(&str, &dyn Display); 7] = [
        ("x", &(x - BOX.0 / 2)),
        ("y", &top),
        ("width", &BOX.0),
        ("height", &BOX.1),
        ("rx", &6),
        ("fill", &"#eaf2f8"),
        ("stroke", &LEAD),
    ];
    let mut drawn = element("line", &down, "") + &element("rect", &frame, "");
    let lines = in_two(party, NAME_CHARS);
    let first = if lines.len() == 1 { 73 } else { 63 };
    for (place, line) in lines.iter().enumerate() {
        let how: [(&str, &dyn Display); 3] =
            [("font-weight", &600), ("fill", &INK), ("text-anchor", &"middle")];
        drawn += &text([("x", &x), ("y", &(first + place * 20))], 14, &how, &escaped(line));
    }
    drawn
}

/// Colour, dashes and head of the arrows of a kind.
fn look(style: Style) -> (&'static str, &'static str, &'static str) {
    match style {
        Style::Ask => (LEAD, "none", "full"),
        Style::Answer => (LEAD, "7 5", "full"),
        Style::Receipt => (GREEN, "2 4", "open"),
        Style::Trouble => (RED, "7 5", "cross"),
    }
}

fn shaft(from: usize, to: usize, y: usize, style: Style) -> String {
    let (colour, dashes, head) = look(style);
    let attributes: [(&str, &dyn Display); 8] = [
        ("x1", &from),
        ("y1", &y),
        ("x2", &to),
        ("y2", &y),
        ("stroke", &colour),
        ("stroke-width", &2),
        ("stroke-dasharray", &dashes),
        ("marker-end", &format!("url(#{head})")),
    ];
    element("line", &attributes, "")
}

fn arrow(arrow: &Arrow, y: usize) -> String {
    let (from, to) = (stand(arrow.from), stand(arrow.to));
    let span = arrow.from.abs_diff(arrow.to);
    let middle = usize::midpoint(from, to);
    shaft(from, to, y, arrow.style)
        + &words(middle, y - 8, 14, INK, &cut(&arrow.label, LABEL_CHARS * span))
        + &words(middle, y + 16, 12, QUIET, &cut(&arrow.note, NOTE_CHARS * span))
}

/// Something that happened to one party alone.
fn note(arrow: &Arrow, y: usize) -> String {
    let x = stand(arrow.from);
    let frame: [(&str, &dyn Display); 7] = [
        ("x", &(x - COLUMN / 2 + 10)),
        ("y", &(y - 22)),
        ("width", &(COLUMN - 20)),
        ("height", &40),
        ("rx", &4),
        ("fill", &"#fdecea"),
        ("stroke", &RED),
    ];
    element("rect", &frame, "")
        + &words(x, y - 5, 13, INK, &cut(&arrow.label, LABEL_CHARS + 4))
        + &words(x, y + 11, 12, QUIET, &cut(&arrow.note, NOTE_CHARS))
}

/// What the kinds of arrow mean.
fn legend(y: usize) -> String {
    let kinds = [
        ("asks or sends", Style::Ask),
        ("the answer, on the same call", Style::Answer),
        ("received; what comes of it comes later", Style::Receipt),
        ("refused, or it did not arrive", Style::Trouble),
    ];
    let mut drawn = String::new();
    for (place, (means, style)) in kinds.into_iter().enumerate() {
        let (x, y) = (MARGIN + (place % 2) * 330, y + (place / 2) * 24);
        drawn += &shaft(x, x + 44, y, style);
        drawn += &text([("x", &(x + 54)), ("y", &(y + 4))], 13, &[("fill", &QUIET)], means);
    }
    drawn
}

fn words(x: usize, y: usize, size: usize, colour: &str, said: &str) -> String {
    if said.is_empty() {
        return String::new();
    }
    // A white rim keeps words readable where a line of life crosses them.
    let how: [(&str, &dyn Display); 5] = [
        ("fill", &colour),
        ("text-anchor", &"middle"),
        ("stroke", &"#fff"),
        ("stroke-width", &4),
        ("paint-order", &"stroke"),
    ];
    text([("x", &x), ("y", &y)], size, &how, &escaped(said))
}

/// A text as it may stand in XML. What XML cannot hold is left out.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            char if char.is_control() => {}
            char => safe.push(char),
        }
    }
    safe
}
