use super::{is_address, person};

#[test]
fn only_listed_workflows_are_addressed_to_patients() {
    let address = "GPPROVIDER_9000000009_20101022_Smith";
    for (to, workflow, is) in [
        (address, "TOC_FHIR_IP_DISCH", true),
        (address, "GPFED_CONSULT_REPORT", true),
        (address, "GPCONNECT_UPDATE_RECORD", true),
        (address, "GPFED_CONSULT_REPORT_MORE", false),
        (address, "LETTER", false),
        ("BETA", "TOC_FHIR_IP_DISCH", false),
    ] {
        assert_eq!(is_address(to, workflow), is, "{to} {workflow}");
    }
}

#[test]
fn an_address_says_who_the_patient_is() {
    let jane = person("GPPROVIDER_9000000009_20101022_Smith_Jones").unwrap();
    assert_eq!(jane.nhs_number, "9000000009");
    assert_eq!((jane.born.as_str(), jane.family.as_str()), ("2010-10-22", "Smith_Jones"));
    for to in [
        "GPPROVIDER_9000000009_20101022",
        "GPPROVIDER_9000000009_20101022_",
        "GPPROVIDER_9000000009_2010102_Smith",
        "GPPROVIDER_9000000009_2010-0-2_Smith",
        "GPPROVIDER_9000000009",
    ] {
        assert!(person(to).is_none(), "{to}");
    }
}
