use std::collections::HashSet;

use super::*;

/// Every element of a tree.
fn walk<'e, 'a>(element: &'e Element<'a>, found: &mut Vec<&'e Element<'a>>) {
    found.push(element);
    element.elements().for_each(|child| walk(child, found));
}

#[test]
fn every_question_is_described() {
    let document = String::from_utf8(wsdl("http://a.example/?a&b").body.to_vec()).unwrap();
    let read = xml::parse(document.as_bytes()).unwrap();
    let mut all = Vec::new();
    walk(&read, &mut all);
    let actions: Vec<&str> = all.iter().filter_map(|one| one.attribute("soapAction")).collect();
    assert_eq!(actions, TABLE.iter().map(Exchange::action).collect::<Vec<_>>());
    let at = all.iter().find_map(|one| one.attribute("location"));
    assert_eq!(at, Some("http://a.example/?a&b"));
}

#[test]
fn every_name_that_is_used_is_defined() {
    let definitions = definitions("");
    let mut all = Vec::new();
    walk(&definitions, &mut all);
    let mut defined = HashSet::new();
    for schema in all.iter().filter(|one| one.is(XS, "schema")) {
        let namespace = schema.attribute("targetNamespace").unwrap();
        let (prefix, _) = PREFIXES.iter().find(|(_, known)| *known == namespace).unwrap();
        let names = schema.elements().filter_map(|one| one.attribute("name"));
        for name in names {
            assert!(defined.insert(format!("{prefix}:{name}")), "{name} is defined twice");
        }
    }
    for one in all.iter().filter(|one| one.is(XS, "element") || one.is(WSDL, "part")) {
        let used = one.attribute("type").or_else(|| one.attribute("element"));
        let Some(used) = used.filter(|used| !used.starts_with("xs:")) else { continue };
        assert!(defined.contains(used), "{used} is used and not defined");
    }
}
