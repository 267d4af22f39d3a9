use proptest::prelude::*;

use super::*;

fn read(text: &str) -> Result<Element<'_>, Refused> {
    parse(text.as_bytes())
}

#[test]
fn names_are_told_by_namespace_and_not_by_prefix() {
    let documents = [
        r#"<a:list xmlns:a="urn:one" xmlns:b="urn:two"><a:row b:n="1" n="2">x</a:row></a:list>"#,
        r#"<list xmlns="urn:one"><row xmlns:z="urn:two" z:n="1" n="2">x</row></list>"#,
        "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<!-- c --><q:list xmlns:q='urn:one'>
            <row xmlns='urn:one' xmlns:b='urn:two' b:n='1' n='2'><![CDATA[x]]></row>
        </q:list>\n",
    ];
    for document in documents {
        let list = read(document).unwrap();
        assert!(list.is("urn:one", "list"), "{document}");
        let row = list.first("urn:one", "row").unwrap();
        assert_eq!(row.attribute_in("urn:two", "n"), Some("1"));
        assert_eq!(row.attribute("n"), Some("2"));
        assert_eq!(row.text(), "x");
        assert_eq!(list, read(documents[0]).unwrap());
    }
}

#[test]
fn a_namespace_holds_as_far_as_its_element() {
    let read =
        read(r#"<a xmlns="urn:1"><b xmlns=""><c/></b><d xmlns:p="urn:2"><p:e/></d></a>"#).unwrap();
    assert!(read.at("", &["b", "c"]).is_some());
    assert!(read.first("urn:1", "d").unwrap().first("urn:2", "e").is_some());
}

#[test]
fn references_are_resolved_and_lines_are_whole() {
    let read = read("<a b='&lt;&#x41;\n&quot;'>x&amp;&#13;\r\ny<![CDATA[<&>]]>\rz</a>").unwrap();
    assert_eq!(read.attribute("b"), Some("<A \""));
    assert_eq!(read.text(), "x&\r\ny<&>\nz");
    assert_eq!(read.content().len(), 1);
}

#[test]
fn what_is_not_a_document_is_refused() {
    let rows: &[(&str, Refused)] = &[
        ("", Refused::NotWellFormed),
        ("x", Refused::NotWellFormed),
        ("<a>", Refused::NotWellFormed),
        ("<a></b>", Refused::NotWellFormed),
        ("</a>", Refused::NotWellFormed),
        ("<a/><b/>", Refused::NotWellFormed),
        ("<a/>x", Refused::NotWellFormed),
        ("<a/>&#32;", Refused::NotWellFormed),
        ("<![CDATA[]]><a/>", Refused::NotWellFormed),
        ("<a b='1' b='2'/>", Refused::NotWellFormed),
        ("<a b=1/>", Refused::NotWellFormed),
        ("<a b/>", Refused::NotWellFormed),
        ("<a b='<'/>", Refused::NotWellFormed),
        ("<a b='&'/>", Refused::NotWellFormed),
        ("<a b='&none;'/>", Refused::NotWellFormed),
        ("<a>& b</a>", Refused::NotWellFormed),
        ("<a>]]></a>", Refused::NotWellFormed),
        ("<a>&#0;</a>", Refused::NotWellFormed),
        ("<a>&#8;</a>", Refused::NotWellFormed),
        ("<a b='&#8;'/>", Refused::NotWellFormed),
        ("<a>\u{1}</a>", Refused::NotWellFormed),
        ("<a>\u{ffff}</a>", Refused::NotWellFormed),
        ("<a>&#xD800;</a>", Refused::NotWellFormed),
        ("<1/>", Refused::NotWellFormed),
        ("<a!/>", Refused::NotWellFormed),
        ("<a:/>", Refused::NotWellFormed),
        ("<:a/>", Refused::NotWellFormed),
        ("<a:b/>", Refused::NotWellFormed),
        ("<a b:c='1'/>", Refused::NotWellFormed),
        ("<a:b:c xmlns:a='u'/>", Refused::NotWellFormed),
        ("<a xmlns:b=''/>", Refused::NotWellFormed),
        ("<a xmlns:xmlns='u'/>", Refused::NotWellFormed),
        ("<a xmlns:xml='u'/>", Refused::NotWellFormed),
        ("<a xmlns:b='http://www.w3.org/2000/xmlns/'/>", Refused::NotWellFormed),
        ("<a xmlns='&#117;'/>", Refused::NotWellFormed),
        ("<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>", Refused::NotWellFormed),
        ("<a><?xml version='1.0'?></a>", Refused::NotWellFormed),
        (" <?xml version='1.0'?><a/>", Refused::NotWellFormed),
        ("<a><!-- -- --></a>", Refused::NotWellFormed),
        ("<?xml version='1.0' encoding='UTF-16'?><a/>", Refused::NotUtf8),
        ("<!DOCTYPE a><a/>", Refused::DocumentType),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", Refused::DocumentType),
        ("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", Refused::DocumentType),
        ("<a>&b;</a>", Refused::DocumentType),
    ];
    for (document, why) in rows {
        assert_eq!(read(document).map(|_| ()), Err(*why), "{document}");
    }
    assert_eq!(parse(b"<a>\xff</a>"), Err(Refused::NotUtf8));
}

#[test]
fn what_is_too_much_is_refused() {
    let deep = |levels: usize| "<a>".repeat(levels) + &"</a>".repeat(levels);
    assert!(read(&deep(XML_DEPTH_MAX)).is_ok());
    assert_eq!(read(&deep(XML_DEPTH_MAX + 1)), Err(Refused::TooDeep));
    assert_eq!(read(&"<a>".repeat(1_000_000)), Err(Refused::TooDeep));

    let wide = |children: usize| format!("<a>{}</a>", "<b/>".repeat(children));
    assert!(read(&wide(XML_NODES_MAX - 1)).is_ok());
    assert_eq!(read(&wide(XML_NODES_MAX)), Err(Refused::TooMuch));

    let attributes = |number: usize| {
        let all = (0..number).map(|n| format!(" a{n}=''")).collect::<Vec<_>>().concat();
        format!("<a{all}/>")
    };
    assert!(read(&attributes(XML_ATTRIBUTES_MAX)).is_ok());
    assert_eq!(read(&attributes(XML_ATTRIBUTES_MAX + 1)), Err(Refused::TooMuch));
    let many = format!("<a>{}</a>", attributes(20).repeat(XML_NODES_MAX / 20));
    assert_eq!(read(&many), Err(Refused::TooMuch));

    let namespaces = |levels: usize| {
        let opened = (0..levels).map(|n| format!("<a xmlns:p{n}='u' xmlns='v'>"));
        opened.collect::<Vec<_>>().concat() + &"</a>".repeat(levels)
    };
    assert!(read(&namespaces(XML_NAMESPACES_MAX / 2)).is_ok());
    assert_eq!(read(&namespaces(XML_NAMESPACES_MAX / 2 + 1)), Err(Refused::TooMuch));

    let long = "x".repeat(XML_ATTRIBUTE_BYTES_MAX + 1);
    assert_eq!(read(&format!("<a b='{long}'/>")), Err(Refused::TooMuch));
    let long = "x".repeat(XML_NAME_BYTES_MAX + 1);
    assert_eq!(read(&format!("<{long}/>")), Err(Refused::TooMuch));
    let long = "x".repeat(XML_TEXT_BYTES_MAX + 1);
    assert_eq!(read(&format!("<a>{long}</a>")), Err(Refused::TooMuch));
    assert_eq!(read(&format!("<a>{}<!-- -->y</a>", &long[1..])), Err(Refused::TooMuch));
    assert_eq!(parse(&vec![b' '; XML_BYTES_MAX + 1]), Err(Refused::TooLong));
}

#[test]
fn a_bomb_of_entities_does_not_go_off() {
    let doubled = |n| format!("<!ENTITY l{} '&l{n};&l{n};'>", n + 1);
    let entities = (0..29).map(doubled).collect::<Vec<_>>().concat();
    let bomb = format!("<!DOCTYPE a [<!ENTITY l0 'ha'>{entities}]><a>&l29;</a>");
    assert_eq!(read(&bomb), Err(Refused::DocumentType));
}

const DOCUMENT: &str = "<?xml version='1.0' encoding='UTF-8'?><s:E xmlns:s='urn:s' a='1&amp;'>
    <!-- c --><b xmlns='urn:b' s:c=\"d\"><![CDATA[e]]>&lt;&#x20AC;f</b><?p i?><g/></s:E>";

proptest! {
    #[test]
    fn rubbish_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = parse(&bytes);
    }

    #[test]
    fn a_document_with_changes_never_panics(
        changes in proptest::collection::vec(
            (0..DOCUMENT.len(), "[<>&;:/'\"=!?a\\-\\[\\]# ]{0,3}"),
            1..6,
        )
    ) {
        let mut text = DOCUMENT.to_owned();
        for (at, with) in changes {
            if let Some(at) = (at..text.len()).find(|at| text.is_char_boundary(*at)) {
                text.remove(at);
                text.insert_str(at, &with);
            }
        }
        if let Ok(read) = read(&text) {
            let again = crate::xml::write(&read, &[]);
            prop_assert_eq!(Ok(read), parse(again.as_bytes()), "{} {}", text, again);
        }
    }
}
