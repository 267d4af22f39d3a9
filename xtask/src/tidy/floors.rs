//! The floors of the house, and who may import whom. `ARCHITECTURE.md` draws the same table.

use toml::Table;

use super::Breach;
use super::source::Source;

/// A room: a crate, its floor, and the rooms it may import.
struct Room {
    name: &'static str,
    floor: u8,
    may: &'static [&'static str],
}

const STANDARDS: &[&str] = &["base"];
const OVER_STORE: &[&str] = &["base", "store"];
const SERVICE: &[&str] =
    &["base", "broker", "fhir", "hl7v2", "hl7v3", "security", "store", "travel"];
const FHIR_SERVER: &[&str] = &["base", "broker", "fhir", "security", "service", "store"];
const COURIER: &[&str] = &["base", "broker", "hl7v2", "service", "store", "travel"];
const GENERIC_API: &[&str] = &["base", "broker", "fhir", "security", "service", "store", "travel"];
const MLLP: &[&str] = &["base", "broker", "hl7v2", "security", "service", "store", "travel"];
const NATIONAL_WORDS: &[&str] = &["base", "fhir", "hl7v2", "hl7v3"];
const NATIONAL: &[&str] = &[
    "base",
    "broker",
    "fhir",
    "fhir-server",
    "hl7v2",
    "hl7v3",
    "nhs",
    "security",
    "service",
    "store",
    "travel",
];
/// Local systems know nothing but the wire: the standards, and the desk that they share.
const LOCAL: &[&str] = &["base", "desk", "fhir", "hl7v2", "hl7v3"];
const DOORS: &[&str] = &["base", "fhir", "hl7v2", "hl7v3", "security", "service"];

const ROOMS: &[Room] = &[
    Room { name: "base", floor: 0, may: &[] },
    Room { name: "fhir", floor: 1, may: STANDARDS },
    Room { name: "hl7v2", floor: 1, may: STANDARDS },
    Room { name: "hl7v3", floor: 1, may: STANDARDS },
    Room { name: "store", floor: 2, may: &["base"] },
    Room { name: "travel", floor: 2, may: OVER_STORE },
    Room { name: "broker", floor: 2, may: OVER_STORE },
    Room { name: "security", floor: 2, may: OVER_STORE },
    Room { name: "service", floor: 3, may: SERVICE },
    Room { name: "fhir-server", floor: 3, may: FHIR_SERVER },
    Room { name: "courier", floor: 3, may: COURIER },
    Room { name: "audit", floor: 4, may: GENERIC_API },
    Room { name: "conversations", floor: 4, may: GENERIC_API },
    Room { name: "messages", floor: 4, may: GENERIC_API },
    Room { name: "mllp", floor: 4, may: MLLP },
    Room { name: "nhs", floor: 4, may: NATIONAL_WORDS },
    Room { name: "transport", floor: 5, may: DOORS },
    Room { name: "portal", floor: 5, may: DOORS },
];

/// The top floor knows everybody, and nobody imports it. The project's own commands measure the
/// message engine without a wire.
const TOP: &[&str] = &["vertebra", "testkit", "xtask", "vertebra-fuzz"];

/// Outside crates with one home.
const HOMES: &[(&str, &[&str])] = &[
    ("axum", &["transport", "portal", "xtask"]),
    ("rusqlite", &["store"]),
    ("getrandom", &["base"]),
    ("rand", &[]),
    ("async-trait", &[]),
    ("openssl", &[]),
    ("ring", &[]),
];

/// The imports of a crate that its floor does not allow.
pub(crate) fn imports(manifest: &Source, members: &[String]) -> Vec<Breach> {
    let text: Vec<&str> = manifest.lines.iter().map(|line| line.raw.as_str()).collect();
    let Ok(table) = text.join("\n").parse::<Table>() else {
        return vec![Breach::new(manifest, 1, "not TOML", "see what cargo says")];
    };
    let Some(name) = package(&table) else { return Vec::new() };
    dependencies(&table)
        .into_iter()
        .filter_map(|dependency| {
            let hint = refusal(&manifest.path, name, &dependency, members)?;
            let at = line_of(manifest, &dependency);
            let what = format!("{} imports {}", on_floor(name), on_floor(&dependency));
            Some(Breach::new(manifest, at, what, hint))
        })
        .collect()
}

/// The name of a crate from its manifest.
pub(crate) fn package(manifest: &Table) -> Option<&str> {
    manifest.get("package")?.get("name")?.as_str()
}

fn dependencies(manifest: &Table) -> Vec<String> {
    ["dependencies", "build-dependencies"]
        .iter()
        .filter_map(|kind| manifest.get(*kind)?.as_table())
        .flat_map(|table| table.keys().cloned())
        .collect()
}

/// A crate with its floor, when it has one.
fn on_floor(name: &str) -> String {
    ROOMS
        .iter()
        .find(|room| room.name == name)
        .map_or_else(|| format!("`{name}`"), |room| format!("`{name}` (floor {})", room.floor))
}

/// Why a crate may not import another, if so.
fn refusal(path: &str, name: &str, dependency: &str, members: &[String]) -> Option<&'static str> {
    if let Some((_, homes)) = HOMES.iter().find(|(known, _)| *known == dependency) {
        return (!homes.contains(&name)).then_some("this crate has one home; see xtask's floors");
    }
    if !members.iter().any(|member| member == dependency) || TOP.contains(&name) {
        return None;
    }
    let may = match ROOMS.iter().find(|room| room.name == name) {
        Some(room) => room.may,
        None if path.starts_with("national/") => NATIONAL,
        None if path.starts_with("local/") => LOCAL,
        None => return Some("give the crate a floor in xtask/src/tidy/floors.rs first"),
    };
    (!may.contains(&dependency)).then_some("imports point down the floors; ask by contract instead")
}

fn line_of(manifest: &Source, dependency: &str) -> usize {
    let names = |raw: &str| {
        raw.strip_prefix(dependency).is_some_and(|rest| rest.starts_with(['.', ' ', '=']))
    };
    manifest.numbered().find(|(_, line)| names(line.raw.trim())).map_or(1, |(at, _)| at)
}

#[cfg(test)]
mod tests;
