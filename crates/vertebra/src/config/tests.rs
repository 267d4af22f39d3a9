use super::*;

#[test]
fn the_explained_file_says_the_defaults_and_names_every_setting() {
    let said: Said = toml::from_str(&explained()).unwrap();
    assert_eq!(said.clone().settle(), Said::default().settle());
    let all_said = said.data.is_some()
        && said.listen.is_some()
        && said.open.is_some()
        && said.public_url.is_some()
        && said.tokens.is_some()
        && said.require_asid.is_some()
        && said.log.is_some()
        && said.traces.is_some();
    assert!(all_said, "a setting is missing from the table");
}

#[test]
fn every_mistake_is_named_at_once() {
    let said = Said {
        listen: Some("0.0.0.0:1".into()),
        open: Some(true),
        public_url: Some("exchange.example".into()),
        tokens: Some("/nowhere/at/all".into()),
        ..Said::default()
    };
    let mistakes = said.settle().unwrap_err();
    for name in ["open:", "public_url:", "tokens:"] {
        assert!(mistakes.contains(name), "{name} is missing in {mistakes}");
    }
}

#[test]
fn the_command_line_wins_over_the_file() {
    let line = Said { listen: Some("127.0.0.1:1".into()), ..Said::default() };
    let file = Said { listen: Some("127.0.0.1:2".into()), open: Some(true), ..Said::default() };
    let config = line.or(file).settle().unwrap();
    assert_eq!((config.listen.port(), config.open), (1, true));
}

#[test]
fn an_unknown_setting_is_a_mistake() {
    assert!(toml::from_str::<Said>("listne = \"127.0.0.1:1\"").is_err());
}
