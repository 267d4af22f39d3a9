use proptest::prelude::*;

use super::{is_id, seen_from_here};
use crate::HealthcareService;

fn target(url: &str) -> HealthcareService {
    HealthcareService {
        id: "2000099999".into(),
        system: nhs::url::DOS_SERVICE_ID.into(),
        name: String::new(),
        organisation: "R1X".into(),
        url: url.into(),
        private: false,
        closed: false,
    }
}

#[test]
fn what_a_receiver_names_is_found_through_here_if_it_is_its_own() {
    let base = "https://exchange.example/booking-and-referral/FHIR/R4";
    for url in ["https://hospital.example/R4", "https://hospital.example/R4/"] {
        for (named, seen) in [
            ("https://hospital.example/R4/ServiceRequest/7", Some("/ServiceRequest/7")),
            ("https://hospital.example/R4x/ServiceRequest/7", None),
            ("https://hospital.example/other", None),
            ("https://elsewhere.example/R4/ServiceRequest/7", None),
            ("//elsewhere.example/", None),
            ("/ServiceRequest/7", None),
        ] {
            let found = seen_from_here(&target(url), "https://exchange.example", named);
            assert_eq!(found, seen.map(|path| format!("{base}{path}")), "{named}");
        }
        let relative = seen_from_here(&target(url), "https://exchange.example", "Slot/1");
        assert_eq!(relative.as_deref(), Some("Slot/1"));
    }
}

#[test]
fn ids_are_those_of_the_standard() {
    for (id, fits) in [
        ("91607239-b002-470a-8709-6b25bd50fdd1", true),
        ("a.b", true),
        ("7", true),
        ("", false),
        (".", false),
        ("..", false),
        ("...", false),
        ("a/b", false),
        ("é", false),
        ("a_b", false),
    ] {
        assert_eq!(is_id(id), fits, "{id}");
    }
    assert!(is_id(&"x".repeat(64)) && !is_id(&"x".repeat(65)));
}

proptest! {
    #[test]
    fn an_id_changes_nothing_about_the_path(id in "[ -~]{0,70}") {
        let path = format!("/Appointment/{id}");
        if is_id(&id) {
            let uri: http::Uri = format!("https://h{path}").parse().unwrap();
            prop_assert_eq!(uri.path(), path);
        }
    }
}
