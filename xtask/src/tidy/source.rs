//! A Rust file as the rules see it: each line whole, without comments, and without strings too.

use std::path::Path;

/// A file to judge.
pub(crate) struct Source {
    /// The path from the root of the repository, with `/`.
    pub(crate) path: String,
    /// The lines, from the first.
    pub(crate) lines: Vec<Line>,
}

/// One line, in three thicknesses.
pub(crate) struct Line {
    /// As it stands in the file.
    pub(crate) raw: String,
    /// With comments blanked out.
    pub(crate) code: String,
    /// With comments and the insides of strings blanked out.
    pub(crate) bare: String,
    /// Whether it belongs to tests.
    pub(crate) test: bool,
    /// Whether it begins inside a raw string, or stands in a table that rustfmt skips: there line
    /// breaks are not ours to choose.
    pub(crate) table: bool,
}

impl Source {
    /// Reads Rust text.
    pub(crate) fn rust(path: &str, text: &str) -> Self {
        let (code, bare, raw_at) = Scan::over(text);
        let whole = is_test_file(path);
        let mut lines: Vec<Line> = text
            .lines()
            .zip(code.lines().zip(bare.lines()))
            .enumerate()
            .map(|(at, (raw, (code, bare)))| Line {
                raw: raw.to_owned(),
                code: code.to_owned(),
                bare: bare.to_owned(),
                test: whole,
                table: raw_at.contains(&at),
            })
            .collect();
        mark_test_modules(&mut lines);
        mark_tables(&mut lines);
        Self { path: path.to_owned(), lines }
    }

    /// Reads text that is not Rust: all of it counts as it stands.
    pub(crate) fn text(path: &str, text: &str) -> Self {
        let lines = text
            .lines()
            .map(|raw| Line {
                raw: raw.to_owned(),
                code: raw.to_owned(),
                bare: raw.to_owned(),
                test: false,
                table: false,
            })
            .collect();
        Self { path: path.to_owned(), lines }
    }

    /// Whether it is Rust.
    pub(crate) fn is_rust(&self) -> bool {
        has_extension(&self.path, "rs")
    }

    /// The lines with their numbers, from 1.
    pub(crate) fn numbered(&self) -> impl Iterator<Item = (usize, &Line)> {
        self.lines.iter().enumerate().map(|(at, line)| (at + 1, line))
    }
}

/// Whether a path ends in a dot and this extension.
pub(crate) fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found == extension)
}

fn is_test_file(path: &str) -> bool {
    path.starts_with("tests/") || path.contains("/tests/") || path.ends_with("/tests.rs")
}

/// Marks the lines of `#[cfg(test)] mod name { ... }`.
fn mark_test_modules(lines: &mut [Line]) {
    let mut armed = false;
    let mut depth: Option<i32> = None;
    for line in lines {
        let trimmed = line.bare.trim();
        if depth.is_none() {
            if armed && trimmed.contains("mod ") && trimmed.ends_with('{') {
                depth = Some(0);
            }
            armed = trimmed.starts_with("#[cfg(test)]") || (armed && trimmed.starts_with("#["));
        }
        if let Some(open) = depth {
            line.test = true;
            let now = open + balance(&line.bare);
            depth = (now > 0).then_some(now);
        }
    }
}

/// Marks the items that begin with `#[rustfmt::skip]`.
fn mark_tables(lines: &mut [Line]) {
    let mut skipped = false;
    let mut depth = 0;
    for line in lines {
        if skipped {
            line.table = true;
            depth += line.bare.matches(['[', '(', '{']).count();
            depth -= depth.min(line.bare.matches([']', ')', '}']).count());
            skipped = depth > 0;
        }
        skipped |= line.bare.trim() == "#[rustfmt::skip]";
    }
}

/// How many more braces a bare line opens than it closes.
pub(crate) fn balance(bare: &str) -> i32 {
    bare.chars().fold(0, |sum, c| match c {
        '{' => sum + 1,
        '}' => sum - 1,
        _ => sum,
    })
}

#[derive(Clone, Copy)]
enum State {
    Code,
    LineComment,
    BlockComment(u32),
    Text,
    RawText(usize),
}

struct Scan {
    chars: Vec<char>,
    at: usize,
    code: String,
    bare: String,
    line: usize,
    raw_at: Vec<usize>,
}

impl Scan {
    /// The text without comments, the same without strings, and the lines that begin in a raw
    /// string.
    fn over(text: &str) -> (String, String, Vec<usize>) {
        let mut scan = Self {
            chars: text.chars().collect(),
            at: 0,
            code: String::with_capacity(text.len()),
            bare: String::with_capacity(text.len()),
            line: 0,
            raw_at: Vec::new(),
        };
        let mut state = State::Code;
        while scan.at < scan.chars.len() {
            state = match state {
                State::Code => scan.in_code(),
                State::LineComment => scan.in_line_comment(),
                State::BlockComment(depth) => scan.in_block_comment(depth),
                State::Text => scan.in_text(),
                State::RawText(hashes) => scan.in_raw_text(hashes),
            };
        }
        (scan.code, scan.bare, scan.raw_at)
    }

    fn in_code(&mut self) -> State {
        match (self.peek(0), self.peek(1)) {
            ('/', '/') => State::LineComment,
            ('/', '*') => {
                self.blank(2);
                State::BlockComment(1)
            }
            ('"', _) => {
                self.keep(1);
                State::Text
            }
            ('\'', _) => {
                self.character();
                State::Code
            }
            ('r', '"' | '#') if !self.after_word() => self.maybe_raw(),
            _ => {
                self.keep(1);
                State::Code
            }
        }
    }

    fn in_line_comment(&mut self) -> State {
        if self.peek(0) == '\n' {
            self.keep(1);
            return State::Code;
        }
        self.blank(1);
        State::LineComment
    }

    fn in_block_comment(&mut self, depth: u32) -> State {
        match (self.peek(0), self.peek(1)) {
            ('*', '/') => {
                self.blank(2);
                if depth == 1 { State::Code } else { State::BlockComment(depth - 1) }
            }
            ('/', '*') => {
                self.blank(2);
                State::BlockComment(depth + 1)
            }
            _ => {
                self.blank(1);
                State::BlockComment(depth)
            }
        }
    }

    fn in_text(&mut self) -> State {
        match self.peek(0) {
            '\\' => {
                self.hide(2);
                State::Text
            }
            '"' => {
                self.keep(1);
                State::Code
            }
            _ => {
                self.hide(1);
                State::Text
            }
        }
    }

    fn in_raw_text(&mut self, hashes: usize) -> State {
        if self.peek(0) == '"' && (1..=hashes).all(|ahead| self.peek(ahead) == '#') {
            self.keep(1 + hashes);
            return State::Code;
        }
        self.hide(1);
        if self.code.ends_with('\n') {
            self.raw_at.push(self.line);
        }
        State::RawText(hashes)
    }

    /// At an `r` that may begin a raw string (or a raw identifier, which is code).
    fn maybe_raw(&mut self) -> State {
        let hashes = (1..=255).take_while(|ahead| self.peek(*ahead) == '#').count();
        if self.peek(1 + hashes) == '"' {
            self.keep(2 + hashes);
            return State::RawText(hashes);
        }
        self.keep(1);
        State::Code
    }

    /// At a `'`, which begins a character or a lifetime.
    fn character(&mut self) {
        if self.peek(1) == '\\' {
            let end = (3..12).find(|ahead| self.peek(*ahead) == '\'').unwrap_or(3);
            self.keep(1);
            self.hide(end - 1);
            self.keep(1);
        } else if self.peek(2) == '\'' {
            self.keep(1);
            self.hide(1);
            self.keep(1);
        } else {
            self.keep(1);
        }
    }

    /// Whether the character before this one belongs to a word (other than the `b` of `br"`).
    fn after_word(&self) -> bool {
        let mut before = self.bare.chars().rev();
        match before.next() {
            Some('b') => before.next().is_some_and(is_word),
            Some(c) => is_word(c),
            None => false,
        }
    }

    fn peek(&self, ahead: usize) -> char {
        self.chars.get(self.at + ahead).copied().unwrap_or('\0')
    }

    fn keep(&mut self, count: usize) {
        self.take(count, |c| (c, c));
    }

    fn hide(&mut self, count: usize) {
        self.take(count, |c| (c, ' '));
    }

    fn blank(&mut self, count: usize) {
        self.take(count, |_| (' ', ' '));
    }

    fn take(&mut self, count: usize, show: impl Fn(char) -> (char, char)) {
        for _ in 0..count {
            let Some(c) = self.chars.get(self.at).copied() else { return };
            let (code, bare) = if c == '\n' { (c, c) } else { show(c) };
            self.code.push(code);
            self.bare.push(bare);
            self.at += 1;
            self.line += usize::from(c == '\n');
        }
    }
}

/// Whether a character can be part of an identifier.
pub(crate) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests;
