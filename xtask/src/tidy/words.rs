//! Would a line of code know its room? Words that may stand in some rooms only.

use super::Breach;
use super::source::{Line, Source, is_word};

/// How much of a line a ban looks at.
#[derive(Clone, Copy)]
enum View {
    /// All of it, in any text file.
    Text,
    /// All of it, comments too, in Rust.
    Rust,
    /// Without comments.
    Code,
    /// Without comments and strings.
    Bare,
}

/// Words with few homes.
struct Ban {
    what: &'static str,
    words: &'static [&'static str],
    /// Longer words that contain a banned one and are fine.
    except: &'static [&'static str],
    view: View,
    /// Where the ban holds; everywhere when empty.
    within: &'static [&'static str],
    /// Where it does not.
    homes: &'static [&'static str],
    /// Whether tests may say it anywhere.
    tests_may: bool,
    hint: &'static str,
}

const BANS: &[Ban] = &[
    Ban {
        what: "SQL",
        words: &["SELECT", "INSERT", "DELETE FROM", "CREATE TABLE", "CREATE INDEX", "PRAGMA"],
        except: &[],
        view: View::Code,
        within: &[],
        homes: &["crates/store/", "xtask/src/tidy/"],
        tests_may: false,
        hint: "ask the store in its own words; SQL lives in its engines",
    },
    Ban {
        what: "the SQL engine",
        words: &["rusqlite"],
        except: &[],
        view: View::Bare,
        within: &[],
        homes: &["crates/store/"],
        tests_may: false,
        hint: "only crates/store knows the engine",
    },
    Ban {
        what: "the web framework",
        words: &["axum"],
        except: &[],
        view: View::Bare,
        within: &[],
        homes: &["crates/transport/", "crates/portal/", "xtask/src/bench/"],
        tests_may: false,
        hint: "take a service::Request and give a service::Reply",
    },
    Ban {
        what: "the time of day",
        words: &["SystemTime::now", "Timestamp::now", "Zoned::now", "Utc::now"],
        except: &[],
        view: View::Bare,
        within: &[],
        homes: &["crates/base/"],
        tests_may: false,
        hint: "time is an argument: take a base::Clock",
    },
    Ban {
        what: "chance",
        words: &["getrandom", "rand::", "thread_rng", "fastrand::", "Rng::new", "Uuid::new_v4"],
        // The library of cryptography signs with chance of its own, and asks for it by name.
        except: &["fastrand::Rng::with_seed", "fastrand::Rng", "aws_lc_rs::rand::SystemRandom"],
        view: View::Bare,
        within: &[],
        homes: &["crates/base/"],
        tests_may: false,
        hint: "chance is an argument: take a base::Dice",
    },
    Ban {
        what: "the environment",
        words: &["env::var", "env::var_os", "env::vars"],
        except: &[],
        view: View::Bare,
        within: &[],
        homes: &["crates/vertebra/src/config"],
        tests_may: true,
        hint: "settings are read in vertebra's config and handed down",
    },
    Ban {
        what: "a national word",
        words: &["NHS", "ODS", "ASID", "Spine"],
        except: &[],
        view: View::Rust,
        within: &["crates/"],
        homes: &["crates/vertebra/", "crates/testkit/"],
        tests_may: false,
        hint: "generic rooms could serve any country; say it in national/",
    },
    Ban {
        what: "a way to fall over",
        words: &[".unwrap()", "todo!", "dbg!", "unimplemented!"],
        except: &[],
        view: View::Bare,
        within: &[],
        homes: &[],
        tests_may: true,
        hint: "return an error; outside tests nothing may panic",
    },
    Ban {
        what: "a path of somebody's machine",
        // Put together, so that this line names none itself.
        words: &[concat!("/", "work/"), concat!("/", "root/"), concat!("/", "home/")],
        except: &[],
        view: View::Text,
        within: &[],
        homes: &["xtask/src/tidy/"],
        tests_may: false,
        hint: "use a path from the root of the repository, or a temporary folder",
    },
];

/// The words that stand where they may not.
pub(crate) fn words(source: &Source) -> Vec<Breach> {
    BANS.iter().filter(|ban| ban.holds_in(source)).flat_map(|ban| ban.judge(source)).collect()
}

/// `TODO` and `FIXME` without the number of an issue.
pub(crate) fn promises(source: &Source) -> Vec<Breach> {
    if source.path.starts_with("xtask/src/tidy/") {
        return Vec::new();
    }
    let unkept = |line: &Line| {
        ["TODO", "FIXME"].iter().any(|word| says(&line.raw, word)) && !names_an_issue(&line.raw)
    };
    source
        .numbered()
        .filter(|(_, line)| unkept(line))
        .map(|(at, _)| {
            Breach::new(source, at, "a promise that nobody tracks", "name the issue: TODO(#12)")
        })
        .collect()
}

impl Ban {
    fn holds_in(&self, source: &Source) -> bool {
        let begins = |places: &[&str]| places.iter().any(|place| source.path.starts_with(place));
        (source.is_rust() || matches!(self.view, View::Text))
            && (self.within.is_empty() || begins(self.within))
            && !begins(self.homes)
    }

    fn judge(&self, source: &Source) -> Vec<Breach> {
        source
            .numbered()
            .filter(|(_, line)| !(self.tests_may && line.test))
            .filter_map(|(at, line)| {
                let word = self.word_in(line)?;
                Some(Breach::new(source, at, format!("{}: `{word}`", self.what), self.hint))
            })
            .collect()
    }

    fn word_in(&self, line: &Line) -> Option<&'static str> {
        let text = match self.view {
            View::Text | View::Rust => &line.raw,
            View::Code => &line.code,
            View::Bare => &line.bare,
        };
        let text = self.except.iter().fold(text.clone(), |text, fine| text.replace(fine, ""));
        self.words.iter().copied().find(|word| says(&text, word))
    }
}

/// Whether a text holds a word, and not only as a part of a longer one.
fn says(text: &str, word: &str) -> bool {
    let apart = |inner: Option<char>, outer: Option<char>| {
        !(inner.is_some_and(is_word) && outer.is_some_and(is_word))
    };
    text.match_indices(word).any(|(at, _)| {
        let (before, rest) = text.split_at(at);
        let after = rest.strip_prefix(word).unwrap_or_default();
        apart(word.chars().next(), before.chars().next_back())
            && apart(word.chars().next_back(), after.chars().next())
    })
}

fn names_an_issue(text: &str) -> bool {
    text.match_indices('#')
        .any(|(at, _)| text.get(at + 1..).is_some_and(|rest| rest.starts_with(digit)))
}

fn digit(c: char) -> bool {
    c.is_ascii_digit()
}

#[cfg(test)]
mod tests;
