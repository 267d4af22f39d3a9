use super::*;

#[test]
fn times_are_digits() {
    assert_eq!(digits("2026-01-02T03:04:05.6Z".parse().unwrap()), "20260102030405");
    for (fhir, hl7) in [
        ("2010-10-22", "20101022"),
        ("2010-10", "201010"),
        ("2010-10-22T00:00:00+00:00", "20101022"),
        ("2010-10-22T13:14:15+01:00", "20101022131415"),
        ("", ""),
    ] {
        assert_eq!(from_fhir(fhir), hl7, "{fhir}");
    }
}

#[test]
fn a_day_is_read_from_digits() {
    for (hl7, fhir) in [
        ("20101022", Some("2010-10-22")),
        ("201010221200", Some("2010-10-22")),
        ("201010", None),
        ("2010é022", None),
        ("", None),
    ] {
        assert_eq!(to_fhir(hl7).as_deref(), fhir, "{hl7}");
    }
}
