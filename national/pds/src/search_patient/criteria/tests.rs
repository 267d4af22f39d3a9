use base::Fault;
use security::Mode;

use super::{Criteria, parse};

fn query(text: &str) -> Vec<(String, String)> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn by_worker(text: &str) -> Result<Criteria, Fault> {
    parse(&query(text), Mode::Worker)
}

fn refusal(result: Result<Criteria, Fault>) -> (&'static str, String) {
    let fault = result.expect_err("it is refused");
    (fault.code(), fault.public().to_owned())
}

const BASIC: &str = "family=Smith&birthdate=2010-10-22";
const MISSING: &str = "Missing value - 'birth_date/birth_date_range_start/birth_date_range_end'";
const TOO_LITTLE: &str = "Invalid search data provided - 'No searches were performed as the search \
    criteria did not meet the minimum requirements'";

#[test]
fn what_is_refused() {
    let table = [
        ("", "UNSUPPORTED_SERVICE", ""),
        (
            "family=Smith&birthdate=2010-10-22&colour=red",
            "ADDITIONAL_PROPERTIES",
            "Invalid request with error - \
             Additional properties are not allowed ('colour' was unexpected)",
        ),
        (
            "a=1&family=x&b=2&a=3",
            "ADDITIONAL_PROPERTIES",
            "Invalid request with error - \
             Additional properties are not allowed ('a', 'b' were unexpected)",
        ),
        ("email=jane@example.com&phone=0163", "MISSING_VALUE", MISSING),
        ("family=Smith", "MISSING_VALUE", MISSING),
        ("_fuzzy-match=true", "MISSING_VALUE", MISSING),
        ("birthdate=2010-10-22", "INVALID_SEARCH_DATA", TOO_LITTLE),
        ("given=Jane&birthdate=2010-10-22", "INVALID_SEARCH_DATA", TOO_LITTLE),
        ("_fuzzy-match=true&family=Smith&birthdate=2010-10-22", "INVALID_SEARCH_DATA", TOO_LITTLE),
        (
            "_fuzzy-match=true&given=Jane&birthdate=2010-10-22&gender=female",
            "INVALID_SEARCH_DATA",
            TOO_LITTLE,
        ),
        (
            "_fuzzy-match=true&given=Jane&family=Sm*&birthdate=2010-10-22",
            "INVALID_SEARCH_DATA",
            "Invalid search data provided - 'Wildcards cannot be used in a fuzzy search'",
        ),
    ];
    for (text, code, public) in table {
        assert_eq!(refusal(by_worker(text)), (code, public.to_owned()), "{text}");
    }
}

#[test]
fn what_is_refused_beside_a_basic_search() {
    let value = |value: &str, field: &str| {
        ("INVALID_VALUE", format!("Invalid value - '{value}' in field '{field}'"))
    };
    let data =
        |why: &str| ("INVALID_SEARCH_DATA", format!("Invalid search data provided - '{why}'"));
    let long = "x".repeat(36);
    let table = [
        ("gender=mal", value("mal", "gender")),
        ("gender=", value("", "gender")),
        ("death-date=2010", value("2010", "death-date")),
        ("death-date=2010-02-30", value("2010-02-30", "death-date")),
        ("birthdate=gt2010-10-22", value("gt2010-10-22", "birthdate")),
        ("_fuzzy-match=maybe", value("maybe", "_fuzzy-match")),
        ("_exact-match=1", value("1", "_exact-match")),
        ("_history=", value("", "_history")),
        ("_max-results=0", value("0", "_max-results")),
        ("_max-results=51", value("51", "_max-results")),
        ("_max-results=-1", value("-1", "_max-results")),
        ("_max-results=ten", value("ten", "_max-results")),
        ("given=J*", value("J*", "given")),
        ("given=*", value("*", "given")),
        (&format!("given={long}"), value(&long, "given")),
        ("address-postalcode=L*", value("L*", "address-postalcode")),
        ("address-postcode=*", value("*", "address-postcode")),
        ("general-practitioner=?", value("?", "general-practitioner")),
        ("email=", value("", "email")),
        ("phone= ", value(" ", "phone")),
        ("family=Smyth", data("Too many values for family")),
        ("gender=male&gender=male", data("Too many values for gender")),
        ("birthdate=le2010-10-23&birthdate=ge2010-10-21", data("Too many values for birthdate")),
        (
            "address-postalcode=LS1 6AE&address-postcode=LS1 6AE",
            data("address-postalcode and address-postcode cannot both be provided"),
        ),
    ];
    for (more, expected) in table {
        assert_eq!(refusal(by_worker(&format!("{BASIC}&{more}"))), expected, "{more}");
    }
}

#[test]
fn the_combinations_that_are_enough() {
    let table = [
        BASIC,
        "family=Sm*&birthdate=ge2010-10-21&birthdate=le2010-10-23",
        "_fuzzy-match=true&given=Jane&family=Smith&birthdate=eq2010-10-22",
        "_fuzzy-match=true&family=Smith&birthdate=2010-10-22&gender=female\
         &address-postalcode=LS1 6AE",
        "_fuzzy-match=true&given=Jane&birthdate=2010-10-22&gender=female&address-postcode=LS16AE",
    ];
    for text in table {
        assert!(by_worker(text).is_ok(), "{text}");
    }
}

#[test]
fn a_worker_may_have_fifty_results_and_an_application_one() {
    assert_eq!(by_worker(BASIC).unwrap().most, 50);
    assert_eq!(by_worker(&format!("{BASIC}&_max-results=2")).unwrap().most, 2);
    for mode in [Mode::Application, Mode::PrivilegedApplication] {
        let ask = |more: &str| parse(&query(&format!("{BASIC}{more}")), mode);
        assert_eq!(ask("").unwrap().most, 1);
        assert_eq!(ask("&_max-results=1").unwrap().most, 1);
        for more in ["&_max-results=2", "&_max-results=50", "&_max-results=x"] {
            let why = "Your app has insufficient permissions to perform this search. \
                Please contact support.";
            assert_eq!(refusal(ask(more)), ("ONE_RESULT_ONLY", why.to_owned()));
        }
    }
}

#[test]
fn a_fuzzy_search_has_history_always() {
    let fuzzy = by_worker(&format!("{BASIC}&given=Jane&_fuzzy-match=true&_history=false"));
    assert!(fuzzy.unwrap().history);
    assert!(!by_worker(BASIC).unwrap().history);
}

#[test]
fn a_fault_does_not_show_what_was_sent() {
    let fault = by_worker(&format!("{BASIC}&gender=secret")).expect_err("it is refused");
    assert!(!format!("{fault:?}").contains("secret"));
}
