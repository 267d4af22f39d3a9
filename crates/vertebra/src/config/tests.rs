use super::*;

#[test]
fn the_explained_file_says_the_defaults_and_names_every_setting() {
    let said: Said = toml::from_str(&explained()).unwrap();
    assert_eq!(said.clone().settle(), Said::default().settle());
    let all_said = said.data.is_some()
        && said.listen.is_some()
        && said.tls_listen.is_some()
        && said.tls_certificate.is_some()
        && said.tls_key.is_some()
        && said.outgoing_certificate.is_some()
        && said.outgoing_key.is_some()
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
        tls_listen: Some("here".into()),
        tls_key: Some("/nowhere/either".into()),
        outgoing_certificate: Some("/nowhere/as/well".into()),
        ..Said::default()
    };
    let mistakes = said.settle().unwrap_err();
    let names = [
        "open:",
        "public_url:",
        "tokens:",
        "tls_listen:",
        "tls_key:",
        "tls_certificate, tls_key:",
        "outgoing_certificate, outgoing_key:",
    ];
    for name in names {
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

#[test]
fn an_open_house_listens_for_tls_on_this_machine_only_too() {
    let said = |address: &str| Said {
        tls_listen: Some(address.into()),
        open: Some(true),
        ..Said::default()
    };
    assert!(said("0.0.0.0:8643").settle().unwrap_err().contains("0.0.0.0:8643"));
    let config = said("127.0.0.1:8643").settle().unwrap();
    assert_eq!(config.tls_listen.unwrap().port(), 8643);
    assert_eq!(Said::default().settle().unwrap().tls_listen, None);
}
