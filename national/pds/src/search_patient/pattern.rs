//! A text to look for, perhaps with `*` for any letters.

use crate::name::{fold, soundex};

/// The most letters that a name in a search may have.
pub(crate) const LETTERS_MAX: usize = 35;

/// How many letters at the beginning must be known.
const KNOWN_MIN: usize = 2;

/// A folded text to look for, perhaps with `*` for any letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    text: String,
    /// How many bytes stand before the first `*`, when there is one.
    star: Option<usize>,
}

impl Pattern {
    /// The pattern of a name; nothing when it is too long, has no letters, or a `*` too early.
    pub(crate) fn name(written: &str) -> Option<Self> {
        let written = written.trim();
        let short = written.chars().count() <= LETTERS_MAX;
        (short && starts_known(written)).then(|| Self::new(fold::fold(written)))?
    }

    /// The pattern of a postcode; nothing when it has no letters or a `*` too early.
    pub(crate) fn postcode(written: &str) -> Option<Self> {
        let folded = fold::postcode(written);
        starts_known(&folded).then(|| Self::new(folded))?
    }

    fn new(text: String) -> Option<Self> {
        let star = text.find('*');
        (!text.is_empty() && star != Some(0)).then_some(Self { text, star })
    }

    /// Whether there is a `*` in it.
    pub(crate) fn is_wild(&self) -> bool {
        self.star.is_some()
    }

    /// What stands before the first `*`: all of it when there is none.
    pub(crate) fn start(&self) -> &str {
        self.star.and_then(|star| self.text.get(..star)).unwrap_or(&self.text)
    }

    /// Whether a folded text is what is looked for.
    pub(crate) fn fits(&self, folded: &str) -> bool {
        if self.star.is_none() {
            return self.text == folded;
        }
        let Some(mut rest) = folded.strip_prefix(self.start()) else { return false };
        let mut parts = self.text.split('*').skip(1).peekable();
        while let Some(part) = parts.next() {
            if parts.peek().is_none() {
                return rest.ends_with(part);
            }
            match rest.find(part) {
                Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
                None => return false,
            }
        }
        true
    }

    /// Whether a folded text sounds like what is looked for.
    pub(crate) fn sounds_like(&self, folded: &str) -> bool {
        soundex::alike(&self.text, folded)
    }
}

fn starts_known(written: &str) -> bool {
    !written.chars().take(KNOWN_MIN).any(|letter| letter == '*')
}

#[cfg(test)]
mod tests;
