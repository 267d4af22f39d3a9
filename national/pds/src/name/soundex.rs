//! Soundex: names that sound alike have the same code.
//!
//! American Soundex, as the National Archives describe it: the first letter, then three digits for
//! the consonants that follow. Neighbours with the same digit count once, also with H or W
//! between them. Clause: <https://www.archives.gov/research/census/soundex>.

/// A code: a letter and three digits, as they are written. A name that does not start with a
/// letter has `-` in the letter's place.
pub(crate) type Code = [u8; 4];

const LENGTH: usize = 4;
const NO_LETTER: u8 = b'-';

/// The code of a folded name; nothing when it has no letter.
pub(crate) fn code(folded: &str) -> Option<Code> {
    let mut code = [b'0'; LENGTH];
    let start = start(folded);
    for (place, byte) in code.iter_mut().zip(&start) {
        *place = *byte;
    }
    (!start.is_empty()).then_some(code)
}

/// Whether two folded names sound alike. Soundex knows nothing of names that do not start with a
/// Latin letter: such a name sounds like itself only.
pub(crate) fn alike(one: &str, other: &str) -> bool {
    let Some(code_of_one) = code(one) else { return false };
    one == other || (code_of_one.first() != Some(&NO_LETTER) && Some(code_of_one) == code(other))
}

/// The code as far as the letters reach, at most four bytes, nothing added to fill it up.
///
/// A code is made from left to right, so what this gives for the beginning of a name is the
/// beginning of the name's code: one range of the index holds all names that begin alike.
pub(crate) fn start(folded: &str) -> Vec<u8> {
    let mut letters = folded.bytes().filter(|byte| *byte != b' ');
    let Some(first) = letters.next() else { return Vec::new() };
    let mut start = vec![if first.is_ascii_uppercase() { first } else { NO_LETTER }];
    let mut last = digit(first);
    for letter in letters {
        if start.len() == LENGTH {
            break;
        }
        match digit(letter) {
            Sound::Digit(digit) => {
                if last != Sound::Digit(digit) {
                    start.push(digit);
                }
                last = Sound::Digit(digit);
            }
            Sound::Vowel => last = Sound::Vowel,
            Sound::Silent => {}
        }
    }
    start
}

/// Every code that begins with these bytes, in order.
pub(crate) fn codes_from(start: &[u8]) -> Vec<Code> {
    let mut found = Vec::new();
    extend(start, &mut found);
    found
}

/// Zeros only fill a code up: after a zero there are only zeros.
fn extend(code: &[u8], found: &mut Vec<Code>) {
    if let Ok(whole) = Code::try_from(code) {
        found.push(whole);
        return;
    }
    let filled = code.len() > 1 && code.last() == Some(&b'0');
    let last = if filled { b'0' } else { b'6' };
    for digit in b'0'..=last {
        let mut longer = code.to_vec();
        longer.push(digit);
        extend(&longer, found);
    }
}

/// What a letter does to a code.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sound {
    /// It adds this digit.
    Digit(u8),
    /// It adds nothing and parts its neighbours.
    Vowel,
    /// It is as if it were not there.
    Silent,
}

fn digit(letter: u8) -> Sound {
    match letter {
        b'B' | b'F' | b'P' | b'V' => Sound::Digit(b'1'),
        b'C' | b'G' | b'J' | b'K' | b'Q' | b'S' | b'X' | b'Z' => Sound::Digit(b'2'),
        b'D' | b'T' => Sound::Digit(b'3'),
        b'L' => Sound::Digit(b'4'),
        b'M' | b'N' => Sound::Digit(b'5'),
        b'R' => Sound::Digit(b'6'),
        b'A' | b'E' | b'I' | b'O' | b'U' | b'Y' => Sound::Vowel,
        _ => Sound::Silent,
    }
}

#[cfg(test)]
mod tests;
