//! What people call the messages that are known by the code of an interaction.

/// The words for an interaction of HL7 V3, however much of a service stands before its code.
pub fn words(interaction: &str) -> Option<&'static str> {
    let code = interaction.rsplit(['/', ':']).next().unwrap_or(interaction);
    Some(match code {
        "RCMR_IN010000UK05" => "Asks for a patient's record",
        "RCMR_IN030000UK06" | "RCMR_IN030000UK07" => "The patient's record",
        "COPC_IN000001UK01" => "A part of the record, or leave to go on",
        "MCCI_IN010000UK13" => "What became of it",
        "QUPA_IN000005UK01" | "QUPA_IN000006UK02" => "Asks who somebody is",
        "QUPA_IN000007UK01" | "QUPA_IN000011UK02" => "Who it is",
        "QUQI_IN010000UK14" => "No answer, and why",
        "Acknowledgment" => "Receipt",
        "MessageError" => "It was not understood",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn an_interaction_is_known_by_the_end_of_its_name() {
        let known = Some("Asks for a patient's record");
        assert_eq!(words("RCMR_IN010000UK05"), known);
        assert_eq!(words("urn:nhs:names:services:gp2gp/RCMR_IN010000UK05"), known);
        assert_eq!(words("urn:nhs:names:services:gp2gp:RCMR_IN010000UK05"), known);
        assert_eq!(words("LETTER"), None);
    }
}
