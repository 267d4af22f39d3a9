//! What changed between a record and the next: item by item, as ids and urls tell them apart.

use serde_json::Value;

/// An item of a list that is new or not as it was.
pub(crate) struct Change<'a> {
    /// Where it stands: `name/0`.
    pub(crate) at: String,
    /// As it was; nothing for a new item.
    pub(crate) before: Option<&'a Value>,
    /// As it shall be.
    pub(crate) after: &'a Value,
}

impl Change<'_> {
    /// Whether a member is not as it was.
    pub(crate) fn changed(&self, member: &str) -> bool {
        self.before.and_then(|before| before.get(member)) != self.after.get(member)
    }

    /// A member of the item as it shall be, when it is a text.
    pub(crate) fn text(&self, member: &str) -> &str {
        text(self.after, member)
    }
}

/// A member of an object when it is a text; empty otherwise.
pub(super) fn text<'a>(object: &'a Value, member: &str) -> &'a str {
    object.get(member).and_then(Value::as_str).unwrap_or_default()
}

/// The items of a list of a record.
pub(crate) fn items<'a>(record: &'a Value, list: &str) -> &'a [Value] {
    record.get(list).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// What tells an item of a list from the others: its id, or the url of an extension.
pub(crate) fn identity(item: &Value) -> Option<&str> {
    item.get("id").or_else(|| item.get("url")).and_then(Value::as_str)
}

/// The items of a list that are new or not as they were.
pub(crate) fn changes<'a>(before: &'a Value, after: &'a Value, list: &str) -> Vec<Change<'a>> {
    let known = items(before, list);
    let numbered = items(after, list).iter().enumerate();
    let different = numbered.filter(|(_, item)| !known.contains(item));
    different
        .map(|(number, item)| Change {
            at: format!("{list}/{number}"),
            before: identity(item).and_then(|name| same(known, name)),
            after: item,
        })
        .collect()
}

/// The items of a list that are no longer there.
pub(crate) fn removed<'a>(before: &'a Value, after: &Value, list: &str) -> Vec<&'a Value> {
    let left = items(after, list);
    let gone = |item: &&Value| match identity(item) {
        Some(name) => same(left, name).is_none(),
        None => !left.contains(item),
    };
    items(before, list).iter().filter(gone).collect()
}

/// How many items of a list are like this.
pub(super) fn count(record: &Value, list: &str, like: impl Fn(&Value) -> bool) -> usize {
    items(record, list).iter().filter(|item| like(item)).count()
}

/// The extensions with a url that are new or not as they were.
pub(super) fn extensions<'a>(before: &'a Value, after: &'a Value, url: &str) -> Vec<Change<'a>> {
    let mut changed = changes(before, after, "extension");
    changed.retain(|change| change.text("url") == url);
    changed
}

/// Whether there are more extensions with a url than there were, and more than one.
pub(super) fn repeated(before: &Value, after: &Value, url: &str) -> bool {
    let like = |item: &Value| text(item, "url") == url;
    let now = count(after, "extension", like);
    now > 1 && now > count(before, "extension", like)
}

/// The part of an extension with a url.
pub(super) fn part<'a>(extension: &'a Value, url: &str) -> Option<&'a Value> {
    items(extension, "extension").iter().find(|part| text(part, "url") == url)
}

/// The code in a part of an extension that is a concept.
pub(super) fn part_code<'a>(extension: &'a Value, url: &str) -> Option<&'a str> {
    part(extension, url)?.pointer("/valueCodeableConcept/coding/0/code")?.as_str()
}

fn same<'a>(items: &'a [Value], name: &str) -> Option<&'a Value> {
    items.iter().find(|item| identity(item) == Some(name))
}
