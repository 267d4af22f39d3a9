//! The diagram as SVG: boxes, lines of life and arrows, as in a textbook. It needs no script and
//! no style sheet, and reads in light and in print.

use std::fmt::{self, Write};

use super::{Arrow, Diagram, Style, cut};

/// How far the lines of life stand apart.
const COLUMN: usize = 340;
/// How wide and high the box of a party is.
const BOX: (usize, usize) = (240, 56);
/// How much room the times on the left take.
const MARGIN: usize = 96;
/// Where the first arrow is, and how far arrows are apart.
const FIRST: usize = 160;
const STEP: usize = 54;
/// How many characters fit over an arrow from one column to the next, and into a line of a box.
const LABEL_CHARS: usize = 40;
const NOTE_CHARS: usize = 50;
const NAME_CHARS: usize = 28;

/// Draws a diagram as SVG.
pub(crate) fn draw(diagram: &Diagram) -> String {
    let mut svg = String::new();
    // Writing into a String cannot fail.
    let _ = whole(&mut svg, diagram);
    svg
}

fn whole(svg: &mut String, diagram: &Diagram) -> fmt::Result {
    let columns = diagram.parties.len().max(1);
    let width = stand(columns - 1) + BOX.0 / 2 + 60;
    let bottom = FIRST + diagram.arrows.len() * STEP;
    let height = bottom + 96;
    write!(
        svg,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-label="{title}" font-family="system-ui, sans-serif">"#,
        title = escaped(diagram.title),
    )?;
    svg.push_str(HEADS);
    write!(svg, r##"<rect width="{width}" height="{height}" fill="#fff"/>"##)?;
    for (column, party) in diagram.parties.iter().enumerate() {
        life_line(svg, column, party, bottom)?;
    }
    for (place, shown) in diagram.arrows.iter().enumerate() {
        let y = FIRST + place * STEP;
        write!(
            svg,
            r##"<text x="{x}" y="{y}" font-size="12" fill="#50606f" text-anchor="end">{at}</text>"##,
            x = MARGIN - 18,
            at = diagram.elapsed(shown),
        )?;
        if shown.from == shown.to { note(svg, shown, y)? } else { arrow(svg, shown, y)? }
    }
    legend(svg, bottom + 40)?;
    svg.push_str("</svg>");
    Ok(())
}

/// The heads of arrows.
const HEADS: &str = concat!(
    "<defs>",
    r##"<marker id="full" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" orient="auto"><path d="M0 0L10 5L0 10z" fill="#0b5c8a"/></marker>"##,
    r##"<marker id="open" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="10" markerHeight="10" orient="auto"><path d="M0 0L9 5L0 10" fill="none" stroke="#2b7a3d" stroke-width="1.6"/></marker>"##,
    r##"<marker id="cross" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="10" markerHeight="10" orient="auto"><path d="M1 1L9 9M9 1L1 9" stroke="#b3261e" stroke-width="2"/></marker>"##,
    "</defs>",
);

/// Where the line of life of a column stands.
fn stand(column: usize) -> usize {
    MARGIN + BOX.0 / 2 + column * COLUMN
}

/// The box of a party, and the line under it.
fn life_line(svg: &mut String, column: usize, party: &str, bottom: usize) -> fmt::Result {
    let x = stand(column);
    write!(
        svg,
        r##"<line x1="{x}" y1="{top}" x2="{x}" y2="{bottom}" stroke="#9aa7b3" stroke-dasharray="2 5"/><rect x="{left}" y="40" width="{width}" height="{high}" rx="6" fill="#eaf2f8" stroke="#0b5c8a"/>"##,
        top = 40 + BOX.1,
        left = x - BOX.0 / 2,
        width = BOX.0,
        high = BOX.1,
    )?;
    let lines = in_two(party);
    let first = if lines.len() == 1 { 73 } else { 63 };
    for (place, line) in lines.iter().enumerate() {
        write!(
            svg,
            r##"<text x="{x}" y="{y}" font-size="15" font-weight="600" fill="#1c2733" text-anchor="middle">{line}</text>"##,
            y = first + place * 20,
            line = escaped(line),
        )?;
    }
    Ok(())
}

fn arrow(svg: &mut String, arrow: &Arrow, y: usize) -> fmt::Result {
    let (from, to) = (stand(arrow.from), stand(arrow.to));
    let (colour, dash, head) = match arrow.style {
        Style::Ask => ("#0b5c8a", "", "full"),
        Style::Answer => ("#0b5c8a", "7 5", "full"),
        Style::Receipt => ("#2b7a3d", "2 4", "open"),
        Style::Trouble => ("#b3261e", "7 5", "cross"),
    };
    write!(
        svg,
        r##"<line x1="{from}" y1="{y}" x2="{to}" y2="{y}" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}" marker-end="url(#{head})"/>"##,
    )?;
    let span = arrow.from.abs_diff(arrow.to);
    let middle = usize::midpoint(from, to);
    words(svg, middle, y - 8, 14, "#1c2733", &cut(&arrow.label, LABEL_CHARS * span))?;
    words(svg, middle, y + 16, 12, "#50606f", &cut(&arrow.note, NOTE_CHARS * span))
}

/// Something that happened to one party alone.
fn note(svg: &mut String, arrow: &Arrow, y: usize) -> fmt::Result {
    let x = stand(arrow.from);
    write!(
        svg,
        r##"<rect x="{left}" y="{top}" width="{width}" height="40" rx="4" fill="#fdecea" stroke="#b3261e"/>"##,
        left = x - COLUMN / 2 + 10,
        top = y - 22,
        width = COLUMN - 20,
    )?;
    words(svg, x, y - 5, 13, "#1c2733", &cut(&arrow.label, LABEL_CHARS + 4))?;
    words(svg, x, y + 11, 12, "#50606f", &cut(&arrow.note, NOTE_CHARS))
}

/// What the kinds of arrow mean.
fn legend(svg: &mut String, y: usize) -> fmt::Result {
    let kinds = [
        ("asks or sends", "#0b5c8a", "", "full"),
        ("the answer, on the same call", "#0b5c8a", "7 5", "full"),
        ("a receipt: more comes later", "#2b7a3d", "2 4", "open"),
        ("refused, or it did not arrive", "#b3261e", "7 5", "cross"),
    ];
    for (place, (means, colour, dash, head)) in kinds.into_iter().enumerate() {
        let (x, y) = (MARGIN + (place % 2) * 300, y + (place / 2) * 24);
        write!(
            svg,
            r##"<line x1="{x}" y1="{y}" x2="{end}" y2="{y}" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}" marker-end="url(#{head})"/><text x="{text}" y="{base}" font-size="13" fill="#50606f">{means}</text>"##,
            end = x + 44,
            text = x + 54,
            base = y + 4,
        )?;
    }
    Ok(())
}

fn words(
    svg: &mut String,
    x: usize,
    y: usize,
    size: usize,
    colour: &str,
    text: &str,
) -> fmt::Result {
    if text.is_empty() {
        return Ok(());
    }
    // A white rim keeps words readable where a line of life crosses them.
    write!(
        svg,
        r##"<text x="{x}" y="{y}" font-size="{size}" fill="{colour}" text-anchor="middle" stroke="#fff" stroke-width="4" paint-order="stroke">{text}</text>"##,
        text = escaped(text),
    )
}

/// A name in one line, or in two.
fn in_two(name: &str) -> Vec<String> {
    if name.chars().count() <= NAME_CHARS {
        return vec![name.to_owned()];
    }
    let mut first = String::new();
    let mut words = name.split(' ').peekable();
    while let Some(word) = words.peek() {
        if !first.is_empty() && first.chars().count() + word.chars().count() >= NAME_CHARS {
            break;
        }
        if !first.is_empty() {
            first.push(' ');
        }
        first.push_str(word);
        words.next();
    }
    let rest = words.collect::<Vec<_>>().join(" ");
    let mut lines = vec![cut(&first, NAME_CHARS)];
    if !rest.is_empty() {
        lines.push(cut(&rest, NAME_CHARS));
    }
    lines
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
