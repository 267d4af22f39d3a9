use std::collections::HashSet;

use nhs::OdsCode;

use super::*;
use crate::model;

#[test]
fn every_record_reads_back_as_the_apply_file_would_write_it() {
    let mut seen = HashSet::new();
    for record in records() {
        let body = record.body.unwrap();
        let again = if record.kind == "organisation" {
            let one: model::Organisation = serde_json::from_str(&body).unwrap();
            assert_eq!(OdsCode::parse(&one.ods).unwrap().as_str(), record.id);
            serde_json::to_string(&one).unwrap()
        } else {
            let one: model::System = serde_json::from_str(&body).unwrap();
            assert_eq!((one.asid.len(), &one.asid), (12, &record.id));
            assert!(seen.contains(&("organisation", one.organisation.clone())));
            serde_json::to_string(&one).unwrap()
        };
        assert_eq!(body, again);
        assert!(seen.insert((record.kind, record.id.clone())), "{} is there twice", record.id);
    }
    for code in ["Y12345", "A20047", "H81109", "Y23456", "Y34567"] {
        assert!(seen.contains(&("organisation", code.to_owned())), "{code}");
    }
}
