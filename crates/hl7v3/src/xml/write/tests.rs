use proptest::prelude::*;

use super::super::{XML_NAMESPACE, parse};
use super::*;

fn written(root: &Element<'_>, prefixes: &[Prefix<'_>]) -> String {
    let text = write(root, prefixes);
    text.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").unwrap().to_owned()
}

#[test]
fn prefixes_stand_on_the_root_and_other_namespaces_where_they_are_used() {
    let root = Element::new("urn:s", "E")
        .with(Element::new("urn:h", "one").with(Element::new("urn:h", "two")))
        .with(Element::new("", "none"))
        .with(
            Element::new("urn:s", "B")
                .with_attribute_in("urn:x", "k", "v")
                .with_attribute_in("urn:s", "k", "v")
                .with_attribute_in(XML_NAMESPACE, "lang", "en"),
        );
    assert_eq!(
        written(&root, &[("s", "urn:s")]),
        "<s:E xmlns:s=\"urn:s\"><one xmlns=\"urn:h\"><two/></one><none/>\
         <s:B n1:k=\"v\" s:k=\"v\" xml:lang=\"en\" xmlns:n1=\"urn:x\"/></s:E>"
    );
    assert_eq!(
        written(&root, &[("", "urn:s"), ("n1", "urn:h")]),
        "<E xmlns=\"urn:s\" xmlns:n1=\"urn:h\"><n1:one><n1:two/></n1:one><none xmlns=\"\"/>\
         <B n2:k=\"v\" n3:k=\"v\" xml:lang=\"en\" xmlns:n2=\"urn:x\" xmlns:n3=\"urn:s\"/></E>"
    );
}

#[test]
fn what_would_be_misread_is_a_reference() {
    let root = Element::new("", "a")
        .with_attribute("b", "<&>\"'\t\n\r\u{0}")
        .with_text("<&>]]>\"'\t\n\r\u{8}");
    assert_eq!(
        written(&root, &[]),
        "<a b=\"&lt;&amp;&gt;&quot;'&#9;&#10;&#13;\u{FFFD}\">\
         &lt;&amp;&gt;]]&gt;\"'\t\n&#13;\u{FFFD}</a>"
    );
}

fn name() -> impl Strategy<Value = String> {
    "[A-Za-z_é][A-Za-z0-9_.é-]{0,5}"
}

fn namespace() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "urn:[a-c]{1}", Just("http://x/\"y\"".replace('"', "'"))]
}

fn attributes() -> impl Strategy<Value = Vec<Attribute<'static>>> {
    let one = (namespace(), name(), "[ -~\t\n\r€😀]{0,8}");
    proptest::collection::vec(one, 0..4).prop_map(|all| {
        let mut kept: Vec<Attribute<'static>> = Vec::new();
        for (namespace, name, value) in all {
            if !kept.iter().any(|at| at.name == name && at.namespace == namespace)
                && name != "xmlns"
            {
                kept.push(Attribute {
                    namespace: namespace.into(),
                    name: name.into(),
                    value: value.into(),
                });
            }
        }
        kept
    })
}

/// Elements that hold either text or elements, as documents that are data do.
fn element() -> impl Strategy<Value = Element<'static>> {
    let bare = |(namespace, name, attributes): (String, String, _)| Element {
        attributes,
        ..Element::new(namespace, name)
    };
    let leaf = (namespace(), name(), attributes(), "[ -~\n\r€😀]{0,8}").prop_map(
        move |(namespace, name, attributes, text)| {
            let element = bare((namespace, name, attributes));
            if text.is_empty() { element } else { element.with_text(text) }
        },
    );
    leaf.prop_recursive(4, 24, 4, move |inner| {
        (namespace(), name(), attributes(), proptest::collection::vec(inner, 0..4)).prop_map(
            move |(namespace, name, attributes, children)| {
                bare((namespace, name, attributes)).with_all(children)
            },
        )
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(root in element(), prefixed in any::<bool>()) {
        let prefixes: &[Prefix<'_>] =
            if prefixed { &[("", "urn:a"), ("b", "urn:b"), ("n1", "urn:c")] } else { &[] };
        let text = write(&root, prefixes);
        prop_assert_eq!(parse(text.as_bytes()), Ok(root), "{}", text);
    }
}
