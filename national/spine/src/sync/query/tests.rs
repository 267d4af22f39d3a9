use hl7v3::xml;

use super::*;

fn wanted_of(kind: Kind, query: &str) -> Result<Wanted, Refusal> {
    let document = format!("<query xmlns='urn:hl7-org:v3'>{query}</query>");
    let element = xml::parse(document.as_bytes()).unwrap();
    wanted(kind, Some(&element))
}

const NAME: &str =
    "<person.name><value><given>Jane</given><family>O'Smith</family></value></person.name>";
const BORN: &str = "<person.birthTime><value value='20101022'/></person.birthTime>";
const GENDER: &str =
    "<person.administrativeGenderCode><value code='2'/></person.administrativeGenderCode>";

fn described_by(more: &str) -> Result<Vec<(String, String)>, Refusal> {
    match wanted_of(Kind::Trace, &format!("{NAME}{BORN}{GENDER}{more}"))? {
        Wanted::Described(query) => Ok(query),
        Wanted::Numbered(_) => panic!("a trace describes"),
    }
}

#[test]
fn a_trace_becomes_a_search() {
    let least = [
        ("family", "O'Smith"),
        ("given", "Jane"),
        ("birthdate", "eq2010-10-22"),
        ("gender", "female"),
    ];
    let rows: [(&str, &[(&str, &str)]); 6] = [
        ("", &[]),
        ("<searchParameter/><historicDataIndicator><value code='0'/></historicDataIndicator>", &[]),
        (
            "<historicDataIndicator><value code='1'/></historicDataIndicator>",
            &[("_history", "true")],
        ),
        (
            "<person.address><value><postalCode> LS1 6AE </postalCode></value></person.address>",
            &[("address-postalcode", "LS1 6AE")],
        ),
        (
            "<person.address><postalCode>LS1 6AE</postalCode></person.address>",
            &[("address-postalcode", "LS1 6AE")],
        ),
        (
            "<person.deceasedTime><value><low value='2020'/><low value='20200101'/>\
             <high value='20201231'/></value></person.deceasedTime>",
            &[],
        ),
    ];
    for (more, added) in &rows[..5] {
        let expected = least.iter().chain(*added);
        let expected: Vec<(String, String)> =
            expected.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        assert_eq!(described_by(more), Ok(expected), "{more}");
    }
    assert_eq!(described_by(rows[5].0), Err(Refusal::BadSearch), "a year is no day");
}

#[test]
fn days_come_as_a_point_a_centre_or_an_interval() {
    let born = |value: &str| {
        let query = format!("{NAME}{GENDER}<person.birthTime>{value}</person.birthTime>");
        wanted_of(Kind::Trace, &query).map(|wanted| match wanted {
            Wanted::Described(query) => query
                .into_iter()
                .filter(|(name, _)| name == "birthdate")
                .map(|(_, value)| value)
                .collect::<Vec<_>>(),
            Wanted::Numbered(_) => Vec::new(),
        })
    };
    let one = |day: &str| Ok(vec![day.to_owned()]);
    assert_eq!(born("<value><center value='20101022'/></value>"), one("eq2010-10-22"));
    assert_eq!(born("<value value='20101022120000'/>"), one("eq2010-10-22"));
    assert_eq!(
        born("<value><low value='20100101'/><high value='20101231'/></value>"),
        Ok(vec!["ge2010-01-01".to_owned(), "le2010-12-31".to_owned()])
    );
    assert_eq!(born("<value/>"), Err(Refusal::BadSearch));
}

#[test]
fn what_cannot_be_searched_by_is_refused() {
    let rows = [
        (format!("{BORN}{GENDER}"), Refusal::NoName),
        (format!("{NAME}{GENDER}"), Refusal::BadSearch),
        (format!("{NAME}{BORN}"), Refusal::BadSearch),
        (format!("{NAME}{BORN}{GENDER}<person.id><value/></person.id>"), Refusal::BadSearch),
        (format!("{NAME}{BORN}{GENDER}<primaryCare.id/>"), Refusal::BadSearch),
        (NAME.replace("O'Smith", "") + BORN + GENDER, Refusal::NoName),
        (NAME.to_owned() + BORN + &GENDER.replace('2', "7"), Refusal::BadSearch),
    ];
    for (query, refusal) in rows {
        assert_eq!(wanted_of(Kind::Trace, &query), Err(refusal), "{query}");
    }
    assert_eq!(wanted(Kind::Trace, None), Err(Refusal::BadSearch));
}

#[test]
fn a_retrieval_names_a_number() {
    let id = |root: &str, number: &str| {
        format!("<person.id><value root='{root}' extension='{number}'/></person.id>")
    };
    let numbered = |number: &str| Ok(Wanted::Numbered(number.to_owned()));
    let right = "2.16.840.1.113883.2.1.4.1";
    assert_eq!(wanted_of(Kind::Retrieval, &id(right, "900 000 0009")), numbered("9000000009"));
    assert_eq!(wanted_of(Kind::Retrieval, &id(right, "")), numbered(""));
    assert_eq!(wanted_of(Kind::Retrieval, &id("1.2.3", "1")), Err(Refusal::BadSearch));
    assert_eq!(wanted_of(Kind::Retrieval, NAME), Err(Refusal::BadSearch));
}
