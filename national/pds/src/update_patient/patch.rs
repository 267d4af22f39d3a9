//! The operations of an update, and what they may touch.
//!
//! JSON Patch is RFC 6902. On top of it, an update names what it changes: a list item by its `id`
//! (an extension by its `url`), so that nothing is changed or lost because the list moved.

use std::collections::HashSet;

use base::Fault;
use json_patch::{PatchErrorKind, PatchOperation, patch_unsafe};
use security::{Caller, Mode};
use serde_json::{Value, json};

use super::body::invalid;
use crate::faults::invalid_update;
use crate::rule::{FIELDS, LISTS, changes, removed};
use nhs::url;

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Op {
    Add,
    Replace,
    Remove,
    Test,
}

/// One operation.
#[derive(Clone, Debug)]
pub(super) struct Patch {
    op: Op,
    path: String,
    /// The parts of the path, unescaped.
    parts: Vec<String>,
    value: Value,
}

/// Members of a list item that say which item it is.
const NAMES: [&str; 2] = ["id", "url"];
/// What a patient may change.
const PATIENT_FIELDS: [&str; 4] = ["address", "telecom", "contact", "extension"];
/// Of these a patient changes whole items only.
const PATIENT_WHOLE: [&str; 2] = ["telecom", "extension"];
/// The extensions that a patient may change.
const PATIENT_EXTENSIONS: [&str; 5] = [
    url::COMMUNICATION,
    url::NOMINATED_PHARMACY,
    url::PREFERRED_DISPENSER,
    url::APPLIANCE_SUPPLIER,
    url::BIRTH_PLACE,
];

impl Patch {
    /// One operation as it was sent.
    pub(super) fn parse(sent: &Value) -> Result<Self, Fault> {
        let members = sent.as_object().ok_or_else(|| invalid("Operation is not an object"))?;
        let op = match members.get("op").and_then(Value::as_str) {
            Some("add") => Op::Add,
            Some("replace") => Op::Replace,
            Some("remove") => Op::Remove,
            Some("test") => Op::Test,
            _ => {
                return Err(invalid(
                    "Operation `op` property is not one of operations defined in RFC-6902",
                ));
            }
        };
        let path = members.get("path").and_then(Value::as_str);
        let path = path.ok_or_else(|| invalid("Operation `path` property is not a string"))?;
        let Some(rest) = path.strip_prefix('/') else {
            return Err(invalid("Operation `path` property must start with \"/\""));
        };
        let value = match members.get("value") {
            Some(value) => value.clone(),
            None if op == Op::Remove => Value::Null,
            None => {
                return Err(invalid(
                    "Operation `value` property is not present (applicable in `add`, `replace` \
                     and `test` operations)",
                ));
            }
        };
        let unescape = |part: &str| part.replace("~1", "/").replace("~0", "~");
        let parts = rest.split('/').map(unescape).collect();
        Ok(Self { op, path: path.to_owned(), parts, value })
    }

    fn part(&self, at: usize) -> &str {
        self.parts.get(at).map_or("", String::as_str)
    }

    /// The list and the number of the item that the path leads to or into.
    fn item(&self) -> Option<(&str, usize)> {
        let list = LISTS.contains(&self.part(0)).then(|| self.part(0))?;
        Some((list, self.part(1).parse().ok()?))
    }

    /// Whether it says nothing but which item is meant.
    fn names(&self) -> bool {
        self.parts.len() == 3 && NAMES.contains(&self.part(2)) && self.op != Op::Remove
    }
}

/// Refuses fields that nobody may change, or not this caller.
pub(super) fn permitted(patches: &[Patch], caller: &Caller) -> Result<(), Fault> {
    let writes = || patches.iter().filter(|patch| patch.op != Op::Test);
    for patch in writes() {
        let field = patch.part(0);
        if !FIELDS.contains(&field) {
            let shown: String = field.chars().take(60).collect();
            return Err(invalid_update(format!("Update unsupported for resource - '{shown}'")));
        }
    }
    if caller.mode != Mode::Patient {
        return Ok(());
    }
    let theirs = |patch: &Patch| {
        let part = patch.parts.len() > 2 && !patch.names();
        PATIENT_FIELDS.contains(&patch.part(0)) && !(part && PATIENT_WHOLE.contains(&patch.part(0)))
    };
    if writes().all(theirs) { Ok(()) } else { Err(not_theirs()) }
}

/// Of contact details and extensions, a patient may change some kinds and not others.
pub(super) fn permitted_changes(
    before: &Value,
    after: &Value,
    caller: &Caller,
) -> Result<(), Fault> {
    if caller.mode != Mode::Patient {
        return Ok(());
    }
    let touched = |list| {
        let changes = changes(before, after, list);
        let items = changes.into_iter().flat_map(|change| [Some(change.after), change.before]);
        items.flatten().chain(removed(before, after, list)).collect::<Vec<_>>()
    };
    let member = |item: &Value, name| item.get(name).and_then(Value::as_str).map(str::to_owned);
    let reach = |item: &&Value| {
        member(item, "system").as_deref() == Some("email")
            || member(item, "use").as_deref() == Some("mobile")
    };
    let kind = |item: &&Value| {
        member(item, "url").is_some_and(|url| PATIENT_EXTENSIONS.contains(&url.as_str()))
    };
    if touched("telecom").iter().all(reach) && touched("extension").iter().all(kind) {
        Ok(())
    } else {
        Err(not_theirs())
    }
}

fn not_theirs() -> Fault {
    invalid_update(
        "This user does not have permission to update the fields in the patches provided.",
    )
}

/// Applies the operations one after another, as indices move.
pub(super) fn apply(patches: &[Patch], record: &mut Value) -> Result<(), Fault> {
    let mut named = HashSet::new();
    let mut previous: Option<&Patch> = None;
    for patch in patches {
        if patch.op != Op::Test {
            identified(patch, previous, record, &named)?;
        }
        if let Some(name) = name_given(patch, record) {
            named.insert(name);
        }
        if !(patch.names() && patch.op != Op::Test) {
            run(patch, record)?;
        }
        previous = Some(patch);
    }
    Ok(())
}

/// What an operation names, if it names something rightly: a list and the identity of its item.
fn name_given(patch: &Patch, record: &Value) -> Option<(String, String)> {
    let (list, number) = patch.item()?;
    let item = record.get(list)?.get(number)?;
    let identity = identity(item)?;
    let given = match (patch.op, patch.parts.len()) {
        (Op::Remove, _) | (Op::Add, 2) => None,
        (_, 2) => self::identity(&patch.value),
        (_, 3) if patch.names() => patch.value.as_str(),
        _ => None,
    };
    (given == Some(identity)).then(|| (list.to_owned(), identity.to_owned()))
}

fn identity(item: &Value) -> Option<&str> {
    NAMES.iter().find_map(|name| item.get(name)).and_then(Value::as_str)
}

/// Checks that an operation which writes says what it means to write to.
fn identified(
    patch: &Patch,
    previous: Option<&Patch>,
    record: &Value,
    named: &HashSet<(String, String)>,
) -> Result<(), Fault> {
    let list = patch.part(0);
    if !LISTS.contains(&list) {
        return Ok(());
    }
    match (patch.op, patch.parts.len()) {
        (_, 1) => {
            let why = format!("'{list}' cannot be changed as a whole, only its items");
            Err(invalid_update(why))
        }
        (Op::Add, 2) => new_item(patch),
        (Op::Remove, 2) => tested(patch, previous),
        _ => known_item(patch, record, named),
    }
}

fn new_item(patch: &Patch) -> Result<(), Fault> {
    let list = patch.part(0);
    if patch.part(1) != "-" {
        return Err(invalid_update(format!("an addition to '{list}' must have path '/{list}/-'")));
    }
    if patch.value.get("id").is_some() {
        let why = format!("an addition to '{list}' must not include an id");
        return Err(invalid_update(why));
    }
    Ok(())
}

/// A removal of an item follows a test of that item.
fn tested(patch: &Patch, previous: Option<&Patch>) -> Result<(), Fault> {
    let item_test = |test: &Patch| {
        let whole = test.parts.len() == 2 || test.parts.len() == 3 && test.names();
        test.op == Op::Test && test.item() == patch.item() && whole
    };
    if patch.item().is_some() && previous.is_some_and(item_test) {
        return Ok(());
    }
    let path = shown(&patch.path);
    let why = format!(
        "a removal must immediately follow a test of the id, the url or the whole of '{path}'"
    );
    Err(invalid_update(why))
}

/// A change of an item, or of something inside it, is of an item named in this request.
fn known_item(
    patch: &Patch,
    record: &Value,
    named: &HashSet<(String, String)>,
) -> Result<(), Fault> {
    let path = shown(&patch.path);
    let item = patch.item().and_then(|(list, number)| record.get(list)?.get(number));
    let Some(item) = item else {
        return Err(unresolvable());
    };
    let identity = identity(item).unwrap_or_default();
    let whole = patch.parts.len() == 2;
    if whole || patch.names() {
        let given = if whole { self::identity(&patch.value) } else { patch.value.as_str() };
        let known = named.contains(&(patch.part(0).to_owned(), identity.to_owned()));
        return match given {
            Some(given) if given == identity => Ok(()),
            Some(_) => Err(invalid_update(format!("the id or url given does not match '{path}'"))),
            // Named before, but then the item would go on without its name.
            None if known => Err(invalid_update(format!("the id or url of '{path}' is missing"))),
            None => Err(unnamed(path)),
        };
    }
    if NAMES.contains(&patch.part(2)) {
        return Err(invalid_update(format!("'{path}' cannot be changed")));
    }
    if named.contains(&(patch.part(0).to_owned(), identity.to_owned())) {
        return Ok(());
    }
    Err(unnamed(path))
}

fn unnamed(path: &str) -> Fault {
    invalid_update(format!("the id or url of the item must be given to change '{path}'"))
}

fn unresolvable() -> Fault {
    invalid("Cannot perform the operation at a path that does not exist")
}

/// As much of a path as tells the sender which it is.
fn shown(path: &str) -> &str {
    path.char_indices().nth(100).map_or(path, |(end, _)| path.get(..end).unwrap_or_default())
}

/// Applies one operation.
fn run(patch: &Patch, record: &mut Value) -> Result<(), Fault> {
    if patch.op == Op::Add
        && let Some(list) = patch.path.strip_suffix("/-")
    {
        make_list(list, record);
    }
    let operation = match patch.op {
        Op::Add => json!({ "op": "add", "path": patch.path, "value": patch.value }),
        Op::Replace => json!({ "op": "replace", "path": patch.path, "value": patch.value }),
        Op::Remove => json!({ "op": "remove", "path": patch.path }),
        Op::Test => json!({ "op": "test", "path": patch.path, "value": patch.value }),
    };
    let operation: PatchOperation =
        serde_json::from_value(operation).map_err(|_| unresolvable())?;
    patch_unsafe(record, &[operation]).map_err(|error| match error.kind {
        PatchErrorKind::TestFailed => invalid("Test operation failed"),
        _ if patch.op == Op::Test => invalid("Test operation failed"),
        _ => unresolvable(),
    })
}

/// A list that is not there is empty: FHIR has no empty lists.
fn make_list(path: &str, record: &mut Value) {
    let Some((above, name)) = path.rsplit_once('/') else { return };
    if record.pointer(path).is_none()
        && let Some(Value::Object(members)) = record.pointer_mut(above)
    {
        members.insert(name.replace("~1", "/").replace("~0", "~"), json!([]));
    }
}
