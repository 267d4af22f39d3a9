//! Folding: what is the same name gets the same letters.
//!
//! Case, accents and punctuation do not tell people apart: `O'Reilly` is `OREILLY`, `Kociński` is
//! `KOCINSKI`, `Weiß` is `WEISS`, and a hyphen is as good as a space.

/// Folds a name: capitals without accents, hyphens as spaces, single spaces, no other
/// punctuation. `*` stays, so that a pattern folds as the names do.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            'a'..='z' => folded.push(letter.to_ascii_uppercase()),
            'A'..='Z' | '0'..='9' | '*' => folded.push(letter),
            _ if letter.is_whitespace() || is_dash(letter) => {
                if !folded.is_empty() && !folded.ends_with(' ') {
                    folded.push(' ');
                }
            }
            _ => match plain(letter) {
                Some(letters) => folded.push_str(letters),
                None if letter.is_alphanumeric() => {
                    folded.extend(letter.to_uppercase().filter(|letter| letter.is_alphanumeric()));
                }
                None => {}
            },
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// Folds a postcode: capitals and digits, no spaces. `*` stays.
pub(crate) fn postcode(text: &str) -> String {
    let kept = text.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '*');
    kept.map(|letter| letter.to_ascii_uppercase()).collect()
}

fn is_dash(letter: char) -> bool {
    matches!(letter, '-' | '\u{2010}'..='\u{2015}' | '_')
}

/// The plain letters of a letter of Latin-1 or Latin Extended-A, which are all that PDS stores.
#[rustfmt::skip]
fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'À'..='Å' | 'à'..='å' | 'Ā'..='ą' => "A",
        'Æ' | 'æ' => "AE",
        'Ç' | 'ç' | 'Ć'..='č' => "C",
        'Ð' | 'ð' | 'Ď'..='đ' => "D",
        'È'..='Ë' | 'è'..='ë' | 'Ē'..='ě' => "E",
        'Ĝ'..='ģ' => "G",
        'Ĥ'..='ħ' => "H",
        'Ì'..='Ï' | 'ì'..='ï' | 'Ĩ'..='ı' => "I",
        'Ĳ' | 'ĳ' => "IJ",
        'Ĵ' | 'ĵ' => "J",
        'Ķ'..='ĸ' => "K",
        'Ĺ'..='ł' => "L",
        'Ñ' | 'ñ' | 'Ń'..='ŋ' => "N",
        'Ò'..='Ö' | 'Ø' | 'ò'..='ö' | 'ø' | 'Ō'..='ő' => "O",
        'Œ' | 'œ' => "OE",
        'Ŕ'..='ř' => "R",
        'Ś'..='š' | 'ſ' => "S",
        'ß' | 'ẞ' => "SS",
        'Ţ'..='ŧ' => "T",
        'Þ' | 'þ' => "TH",
        'Ù'..='Ü' | 'ù'..='ü' | 'Ũ'..='ų' => "U",
        'Ŵ' | 'ŵ' => "W",
        'Ý' | 'ý' | 'ÿ' | 'Ŷ'..='Ÿ' => "Y",
        'Ź'..='ž' => "Z",
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
