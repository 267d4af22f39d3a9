//! Cards from abroad that the published sandbox knows.

use nhs::url;
use serde_json::{Value, json};

/// The card of a person insured in France.
pub(super) fn french(number: &str) -> Value {
    let card = Card {
        number: "ES456789012345",
        country: ("FRA", "France"),
        payer: "ES11223",
        personal: "5647382910",
        end: "2027-03-03",
    };
    card.of(number)
}

/// The card of a person insured in Germany.
pub(super) fn german(number: &str) -> Value {
    let card = Card {
        number: "DE1234567890121234",
        country: ("DEU", "Germany"),
        payer: "DE98765",
        personal: "DE9876543210",
        end: "2026-08-15",
    };
    card.of(number)
}

struct Card {
    number: &'static str,
    country: (&'static str, &'static str),
    payer: &'static str,
    personal: &'static str,
    end: &'static str,
}

impl Card {
    fn of(&self, number: &str) -> Value {
        let (code, country) = self.country;
        let assigner = json!({
            "identifier": {"system": "urn:iso:std:iso:3166", "value": code},
            "display": country,
        });
        let subscriber = json!({"system": url::NHS_NUMBER, "value": number});
        json!({
            "resourceType": "Coverage",
            "status": "active",
            "subscriber": {"type": "Patient", "identifier": subscriber},
            "identifier": [{"value": self.number, "assigner": assigner}],
            "payor": [{"identifier": {"value": self.payer}}],
            "beneficiary": {"type": "Patient", "identifier": {"value": self.personal}},
            "period": {"end": self.end},
        })
    }
}
