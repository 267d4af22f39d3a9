use proptest::prelude::*;

use super::*;

#[test]
fn a_form_is_read_once_and_whole() {
    let form = Form::parse(b"a=1&b=two+words&c=%C3%A9%26&d&e=&&f==").unwrap();
    for (name, value) in
        [("a", Some("1")), ("b", Some("two words")), ("c", Some("\u{e9}&")), ("f", Some("="))]
    {
        assert_eq!(form.get(name), value, "{name}");
    }
    assert_eq!((form.get("d"), form.get("e"), form.get("g")), (None, None, None));
    let many = "x=1&".repeat(2);
    let names: Vec<String> = (0..=QUERY_PARAMETERS_MAX).map(|n| format!("p{n}=1")).collect();
    let most = names.join("&");
    for (wrong, why) in [
        (many.as_str(), NoForm::Repeated),
        ("a=1&%61=2", NoForm::Repeated),
        ("a=&a=", NoForm::Repeated),
        ("a=%ff", NoForm::Unreadable),
        (&most, NoForm::TooMany),
    ] {
        assert_eq!(Form::parse(wrong.as_bytes()).unwrap_err(), why, "{wrong}");
    }
    assert!(Form::parse(b"a=\xff").is_err());
}

proptest! {
    #[test]
    fn no_bytes_make_it_fall_over(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
        let _ = Form::parse(&bytes);
    }

    #[test]
    fn what_was_written_comes_back(name in ".+", value in ".+") {
        let body = write_form([(name.as_str(), value.as_str())]);
        let form = Form::parse(body.as_bytes()).unwrap();
        prop_assert_eq!(form.get(&name), Some(value.as_str()));
    }
}
