//! The tables: what becomes of a record, and what the rules say to it, `ok` if nothing.
//!
//! A change is a pointer and what is put there; `-` adds to a list, `null` takes away. Changes are
//! parted by ` & `. `UKCore-` stands for the address of a national extension.

/// Changes, and a part of what is said.
pub(super) type Row = (&'static str, &'static str);

/// Names.
#[rustfmt::skip]
pub(super) const NAME: &[Row] = &[
    (r#"/name/- {"use": "temp", "given": ["Jo"], "family": "Jones"} & /name/- {"use": "temp", "given": ["Jo"], "family": "Jones"}"#, "ok"),
    (r#"/name/- {"use": "nickname", "given": ["Jo"], "family": "Jones"}"#, "ok"),
    (r#"/name/- {"use": "old", "given": ["Jo"], "family": "Jones"} & /name/- {"use": "maiden", "given": ["Jo"], "family": "Jones"}"#, "ok"),
    (r#"/name/- {"use": "usual", "given": ["Jo"], "family": "Jones"}"#, "TOO_MANY_VALUES_SUBMITTED: Too many values submitted - a patient can have one 'usual' name"),
    (r#"/name/- {"use": "nickname", "given": ["Jo"], "family": "Jones"} & /name/- {"use": "nickname", "given": ["Jo"], "family": "Jones"}"#, "one 'nickname' name"),
    (r#"/name/- {"use": "official", "given": ["Jo"], "family": "Jones"}"#, "INVALID_VALUE: Invalid value - 'official' in field 'name/1/use'"),
    ("/name/0 null", "FORBIDDEN_UPDATE: Forbidden update with error - the usual name cannot be removed"),
    (r#"/name/0/use "nickname""#, "INVALID_UPDATE: Invalid update with error - 'name/0/use' cannot be replaced"),
    (r#"/name/0/family "Jones""#, "ok"),
    ("/name/0/family null", "MISSING_VALUE: Missing value - 'name/0/family'"),
    (r#"/name/0/family """#, "INVALID_VALUE"),
    ("/name/0/family 7", "VALIDATION_ERROR"),
    (r#"/name/0/family "O'Brien-Šmïth Jr. 2nd""#, "ok"),
    (r#"/name/0/family "Sm*th""#, "UNSUPPORTED_CHARACTERS_IN_FIELD: Unsupported characters in field 'name/0/family'"),
    (r#"/name/0/family "a×b""#, "UNSUPPORTED_CHARACTERS_IN_FIELD"),
    (r#"/name/0/family "Ƀ""#, "UNSUPPORTED_CHARACTERS_IN_FIELD"),
    (r#"/name/0/family "a\tb""#, "UNSUPPORTED_CHARACTERS_IN_FIELD"),
    (r#"/name/0/family "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#, "INVALID_VALUE"),
    (r#"/name/- {"use": "temp", "given": ["a", "b", "c", "d", "e"], "family": "Jones"}"#, "ok"),
    (r#"/name/- {"use": "temp", "given": ["a", "b", "c", "d", "e", "f"], "family": "Jones"}"#, "TOO_MANY_VALUES_SUBMITTED"),
    (r#"/name/- {"use": "temp", "given": ["Jo"], "family": "Jones", "prefix": ["Dr", "Sister"]}"#, "ok"),
    (r#"/name/- {"use": "temp", "given": ["Jo"], "family": "Jones", "prefix": ["Dr..", "Mrs."]}"#, "ok"),
    (r#"/name/- {"use": "temp", "given": ["Jo"], "family": "Jones", "prefix": ["DR"]}"#, "INVALID_VALUE: Invalid value - 'DR' in field 'name/1/prefix/0'"),
    (r#"/name/- {"use": "temp", "given": ["Jo"], "family": "Jones", "suffix": ["PhD"]}"#, "ok"),
    (r#"/name/- {"use": "temp", "given": ["Jo"], "family": "Jones", "suffix": ["PhD", "b"]}"#, "INVALID_VALUE: Invalid value - 'b' in field 'name/1/suffix/1'"),
    (r#"/name/- {"use": "temp", "given": ["Jo"], "family": "Jones", "text": "Jo Jones"}"#, "ADDITIONAL_PROPERTIES"),
    (r#"/name/- {"use": "temp", "given": ["Jo"], "family": "Jones", "period": {"start": "2025-05-21"}}"#, "INVALID_UPDATE: Invalid update with error - 'name/1/period/start' must not be in the future"),
    (r#"/name/- {"use": "temp", "given": ["Jo"], "family": "Jones", "period": {"start": "2025-05-20", "end": "2025-05-19"}}"#, "'name/1/period/end' must not be before the start"),
    (r#"/name/- {"use": "temp", "given": ["Jo"], "family": "Jones", "period": {"start": "2025-05-20", "end": "2030-01-01"}}"#, "ok"),
    (r#"/name/- {"use": "temp", "given": ["Jo"], "family": "Jones", "period": {"end": "2025-05-19"}}"#, "MISSING_VALUE: Missing value - 'name/1/period/start'"),
    (r#"/name/- {"use": "temp", "given": ["Jo"], "family": "Jones", "period": {"start": "2025-02-30"}}"#, "INVALID_VALUE"),
];

/// Addresses.
#[rustfmt::skip]
pub(super) const ADDRESS: &[Row] = &[
    (r#"/address/0 {"id": "A1", "use": "home", "period": {"start": "2020-01-01"}, "line": ["", "23 Mill Lane", "", "Leeds", ""], "postalCode": "LS1 6AE"}"#, "ok"),
    (r#"/address/0 {"id": "A1", "use": "home", "period": {"start": "2020-01-01"}, "line": ["The Old School", "", "", "Leeds", ""], "postalCode": "LS1 6AE"}"#, "ok"),
    (r#"/address/0 {"id": "A1", "use": "home", "period": {"start": "2020-01-01"}, "line": ["23 Mill Lane", "Leeds"], "postalCode": "LS1 6AE"}"#, "ok"),
    (r#"/address/0 {"id": "A1", "use": "home", "period": {"start": "2020-01-01"}, "line": ["", "", "Boxgrove", "Leeds", ""], "postalCode": "LS1 6AE"}"#, "TOO_FEW_VALUES_SUBMITTED: Too few values submitted - line 1 or 2, and line 4, must be filled in 'address/0/line'"),
    (r#"/address/0 {"id": "A1", "use": "home", "period": {"start": "2020-01-01"}, "line": ["23 Mill Lane", "", "Leeds", "", ""], "postalCode": "LS1 6AE"}"#, "TOO_FEW_VALUES_SUBMITTED"),
    (r#"/address/0 {"id": "A1", "use": "home", "period": {"start": "2020-01-01"}, "line": [], "postalCode": "LS1 6AE"}"#, "TOO_FEW_VALUES_SUBMITTED"),
    (r#"/address/0 {"id": "A1", "use": "home", "period": {"start": "2020-01-01"}, "line": [], "postalCode": "ZZ99 3VZ"}"#, "ok"),
    (r#"/address/0 {"id": "A1", "use": "home", "period": {"start": "2020-01-01"}, "line": ["1", "2", "3", "4", "5", "6"], "postalCode": "LS1 6AE"}"#, "TOO_MANY_VALUES_SUBMITTED"),
    (r#"/address/0 {"id": "A1", "use": "home", "period": {"start": "2020-01-01"}, "line": ["1 Row", 4], "postalCode": "LS1 6AE"}"#, "VALIDATION_ERROR"),
    (r#"/address/0 {"id": "A1", "use": "home", "period": {"start": "2020-01-01"}, "line": ["1 Row"], "postalCode": "LS1_6AE"}"#, "UNSUPPORTED_CHARACTERS_IN_FIELD"),
    (r#"/address/0/postalCode "LS2 7AB""#, "ok"),
    (r#"/address/0 {"id": "A1", "use": "home", "period": {"start": "2020-01-01"}, "postalCode": "LS1 6AE", "extension": [{"url": "UKCore-AddressKey", "extension": [{"url": "type", "valueCoding": {"code": "PAF"}}, {"url": "value", "valueString": "12345678"}]}]}"#, "ok"),
    (r#"/address/0 {"id": "A1", "use": "home", "period": {"start": "2020-01-01"}, "postalCode": "LS1 6AE", "extension": [{"url": "UKCore-AddressKey", "extension": [{"url": "type", "valueCoding": {"code": "PAF"}}, {"url": "value", "valueString": "9876543"}]}]}"#, "ok"),
    (r#"/address/0 {"id": "A1", "use": "home", "period": {"start": "2020-01-01"}, "postalCode": "LS1 6AE", "extension": [{"url": "UKCore-AddressKey", "extension": [{"url": "type", "valueCoding": {"code": "PAF"}}, {"url": "value", "valueString": "123456789"}]}]}"#, "INVALID_VALUE"),
    (r#"/address/0 {"id": "A1", "use": "home", "period": {"start": "2020-01-01"}, "postalCode": "LS1 6AE", "extension": [{"url": "UKCore-AddressKey", "extension": [{"url": "type", "valueCoding": {"code": "UPRN"}}, {"url": "value", "valueString": "123456789012"}]}]}"#, "ok"),
    (r#"/address/0 {"id": "A1", "use": "home", "period": {"start": "2020-01-01"}, "postalCode": "LS1 6AE", "extension": [{"url": "UKCore-AddressKey", "extension": [{"url": "type", "valueCoding": {"code": "UPRN"}}, {"url": "value", "valueString": "x"}]}]}"#, "INVALID_VALUE"),
    (r#"/address/0 {"id": "A1", "use": "home", "period": {"start": "2020-01-01"}, "postalCode": "LS1 6AE", "extension": [{"url": "UKCore-AddressKey", "extension": [{"url": "type", "valueCoding": {"code": "XYZ"}}, {"url": "value", "valueString": "1"}]}]}"#, "INVALID_VALUE"),
    (r#"/address/- {"use": "home", "line": ["1 Row", "Leeds"], "period": {"start": "2025-05-01", "end": "2025-06-01"}}"#, "TOO_MANY_VALUES_SUBMITTED: Too many values submitted - a patient can have one 'home' address"),
    (r#"/address/- {"use": "work", "line": ["1 Row", "Leeds"], "period": {"start": "2025-05-01", "end": "2025-06-01"}}"#, "UNSUPPORTED_VALUE: Unsupported value - 'work' in field 'address/2/use'"),
    ("/address/1 null", "ok"),
    (r#"/address/1/line/0 "Elsewhere""#, "UNSUPPORTED_VALUE"),
    (r#"/address/- {"use": "temp", "text": "Second Home", "line": ["1 Row", "Leeds"], "period": {"start": "2025-05-01", "end": "2025-07-30"}}"#, "ok"),
    (r#"/address/- {"use": "temp", "text": "Second Home", "line": ["1 Row", "Leeds"], "period": {"start": "2025-05-01", "end": "2025-07-31"}}"#, "INVALID_UPDATE: Invalid update with error - a 'temp' address can last 90 days at most"),
    (r#"/address/- {"use": "temp", "line": ["1 Row", "Leeds"], "period": {"start": "2025-05-01", "end": "2025-06-01"}}"#, "MISSING_VALUE: Missing value - 'address/2/text'"),
    (r#"/address/- {"use": "temp", "text": "A tent", "line": ["1 Row", "Leeds"], "period": {"start": "2025-05-01", "end": "2025-06-01"}}"#, "INVALID_VALUE: Invalid value - 'A tent' in field 'address/2/text'"),
    (r#"/address/- {"use": "temp", "text": "Second Home", "line": ["1 Row", "Leeds"]}"#, "MISSING_VALUE: Missing value - 'address/2/period/end'"),
    (r#"/address/- {"use": "billing", "line": ["1 Row", "Leeds"], "period": {"start": "2025-05-01", "end": "2026-05-02"}}"#, "ok"),
    (r#"/address/- {"use": "billing", "line": ["1 Row", "Leeds"], "period": {"start": "2025-05-01", "end": "2026-05-03"}}"#, "can last 366 days at most"),
    (r#"/address/- {"use": "billing", "line": ["1 Row", "Leeds"], "period": {"start": "2025-05-21", "end": "2025-06-03"}}"#, "must not be in the future"),
];

/// Contact details.
#[rustfmt::skip]
pub(super) const TELECOM: &[Row] = &[
    (r#"/telecom/- {"system": "phone", "use": "mobile", "value": "07700900001"}"#, "ok"),
    (r#"/telecom/- {"system": "fax", "use": "work", "value": "01632960001"}"#, "ok"),
    (r#"/telecom/- {"system": "phone", "use": "home", "value": "01632960001"}"#, "TOO_MANY_VALUES_SUBMITTED: Too many values submitted - a patient can have one 'home' 'phone' telecom"),
    (r#"/telecom/- {"system": "pager", "use": "home", "value": "1"}"#, "INVALID_VALUE: Invalid value - 'pager' in field 'telecom/2/system'"),
    (r#"/telecom/- {"system": "phone", "use": "old", "value": "1"}"#, "INVALID_VALUE"),
    (r#"/telecom/0/value "01632960001""#, "ok"),
    ("/telecom/0/value 1", "VALIDATION_ERROR"),
    (r#"/telecom/0/use "work""#, "INVALID_UPDATE: Invalid update with error - the system and use of 'telecom/0' cannot be replaced"),
    (r#"/telecom/0/system "other""#, "cannot be replaced"),
    ("/telecom/0/rank 1", "ADDITIONAL_PROPERTIES"),
    (r#"/telecom/1/period/end "2030-01-01""#, "ok"),
    (r#"/telecom/1/value "still none""#, "INVALID_VALUE: Invalid value - 'still none' in field 'telecom/1/value'"),
    (r#"/telecom/- {"system": "email", "use": "work", "value": "a@b.org"}"#, "ok"),
    (r#"/telecom/- {"system": "email", "use": "work", "value": "a@b.de"}"#, "INVALID_VALUE"),
    (r#"/telecom/1/value "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.com""#, "ok"),
    (r#"/telecom/1/value "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.com""#, "INVALID_VALUE"),
    (r#"/telecom/- {"system": "email", "use": "work", "value": "john.smith@example"}"#, "INVALID_VALUE"),
    (r#"/telecom/- {"system": "email", "use": "work", "value": "john@smith@example.com"}"#, "INVALID_VALUE"),
    (r#"/telecom/- {"system": "email", "use": "work", "value": "john smith@example.com"}"#, "INVALID_VALUE"),
    (r#"/telecom/- {"system": "email", "use": "work", "value": "john..smith@example.com"}"#, "INVALID_VALUE"),
    (r#"/telecom/- {"system": "email", "use": "work", "value": "@example.com"}"#, "INVALID_VALUE"),
    (r#"/telecom/- {"system": "phone", "use": "temp", "value": "1", "period": {"end": "2025-06-01"}}"#, "ok"),
    (r#"/telecom/- {"system": "phone", "use": "temp", "value": "1", "period": {"end": "2025-05-01"}}"#, "must not be before the start"),
];

/// Whom to call.
#[rustfmt::skip]
pub(super) const EMERGENCY_CONTACT: &[Row] = &[
    (r#"/contact/- {"relationship": [{"coding": [{"code": "C"}]}], "telecom": [{"system": "phone", "value": "1"}]}"#, "ok"),
    (r#"/contact/- {"relationship": [{"coding": [{"code": "N"}]}], "telecom": [{"system": "phone", "value": "1"}]}"#, "INVALID_VALUE: Invalid value - 'N' in field 'contact/1/relationship/0/coding/0/code'"),
    (r#"/contact/- {"relationship": [{"coding": [{"code": "C"}]}], "telecom": [{"system": "phone", "value": "1", "use": "home"}]}"#, "ADDITIONAL_PROPERTIES"),
    (r#"/contact/- {"relationship": [{"coding": [{"code": "C"}]}], "telecom": [{"system": "phone", "value": "1", "period": {"start": "2020-01-01"}}]}"#, "ADDITIONAL_PROPERTIES"),
    (r#"/contact/- {"relationship": [{"coding": [{"code": "C"}]}], "telecom": [{"system": "fax", "value": "1"}]}"#, "UNSUPPORTED_VALUE"),
    (r#"/contact/- {"relationship": [{"coding": [{"code": "C"}]}], "telecom": [{"system": "email", "value": "nobody"}]}"#, "INVALID_VALUE: Invalid value - 'nobody' in field 'contact/1/telecom/0/value'"),
    ("/contact/0/telecom/0 null", "TOO_FEW_VALUES_SUBMITTED"),
    (r#"/contact/0/relationship/- {"coding": [{"code": "C"}]}"#, "TOO_MANY_VALUES_SUBMITTED"),
    (r#"/contact/0/period/end "2019-01-01""#, "must not be before the start"),
    ("/contact/0 null", "ok"),
];

/// Gender, date of birth, order of birth.
#[rustfmt::skip]
pub(super) const GENDER_AND_BIRTH: &[Row] = &[
    (r#"/gender "unknown""#, "ok"),
    (r#"/gender "other""#, "UNSUPPORTED_VALUE: Unsupported value - 'other' in field 'gender'"),
    (r#"/gender "mal""#, "INVALID_VALUE: Invalid value - 'mal' in field 'gender'"),
    ("/gender null", "FORBIDDEN_UPDATE: Forbidden update with error - gender cannot be removed"),
    (r#"/birthDate "2025-05-20""#, "ok"),
    (r#"/birthDate "2019-01""#, "INVALID_VALUE: Invalid value - '2019-01' in field 'birthDate'"),
    (r#"/birthDate "2025-05-21""#, "INVALID_UPDATE: Invalid update with error - birthDate must not be in the future"),
    ("/birthDate null", "FORBIDDEN_UPDATE"),
    ("/multipleBirthInteger 9", "ok"),
    ("/multipleBirthInteger 0", "INVALID_VALUE: Invalid value - '0' in field 'multipleBirthInteger'"),
    ("/multipleBirthInteger 10", "INVALID_VALUE"),
    ("/multipleBirthInteger 1.5", "INVALID_VALUE"),
    (r#"/multipleBirthInteger "1""#, "VALIDATION_ERROR"),
];

/// The death of somebody alive.
#[rustfmt::skip]
pub(super) const DEATH: &[Row] = &[
    (r#"/deceasedDateTime "2025-05-20" & /extension/- {"url": "UKCore-DeathNotificationStatus", "extension": [{"url": "deathNotificationStatus", "valueCodeableConcept": {"coding": [{"code": "1"}]}}]}"#, "ok"),
    (r#"/deceasedDateTime "2025-05-19T23:59:59+00:00" & /extension/- {"url": "UKCore-DeathNotificationStatus", "extension": [{"url": "deathNotificationStatus", "valueCodeableConcept": {"coding": [{"code": "1"}]}}]}"#, "ok"),
    (r#"/deceasedDateTime "2025-05-19T23:59:59" & /extension/- {"url": "UKCore-DeathNotificationStatus", "extension": [{"url": "deathNotificationStatus", "valueCodeableConcept": {"coding": [{"code": "1"}]}}]}"#, "INVALID_VALUE: Invalid value - '2025-05-19T23:59:59' in field 'deceasedDateTime'"),
    (r#"/deceasedDateTime "2025-05-19T23:59:59+01:00" & /extension/- {"url": "UKCore-DeathNotificationStatus", "extension": [{"url": "deathNotificationStatus", "valueCodeableConcept": {"coding": [{"code": "1"}]}}]}"#, "INVALID_VALUE"),
    (r#"/deceasedDateTime "2025-05-21" & /extension/- {"url": "UKCore-DeathNotificationStatus", "extension": [{"url": "deathNotificationStatus", "valueCodeableConcept": {"coding": [{"code": "1"}]}}]}"#, "deceasedDateTime must not be in the future"),
    (r#"/deceasedDateTime "1990-10-21" & /extension/- {"url": "UKCore-DeathNotificationStatus", "extension": [{"url": "deathNotificationStatus", "valueCodeableConcept": {"coding": [{"code": "1"}]}}]}"#, "deceasedDateTime must not be before birthDate"),
    (r#"/deceasedDateTime "yesterday" & /extension/- {"url": "UKCore-DeathNotificationStatus", "extension": [{"url": "deathNotificationStatus", "valueCodeableConcept": {"coding": [{"code": "1"}]}}]}"#, "INVALID_VALUE"),
    (r#"/deceasedDateTime "2025-05-20""#, "INVALID_UPDATE: Invalid update with error - a deceasedDateTime needs a death notification status"),
    (r#"/extension/- {"url": "UKCore-DeathNotificationStatus", "extension": [{"url": "deathNotificationStatus", "valueCodeableConcept": {"coding": [{"code": "1"}]}}]}"#, "a death notification status needs a deceasedDateTime"),
    (r#"/deceasedDateTime "2025-05-20" & /extension/- {"url": "UKCore-DeathNotificationStatus", "extension": [{"url": "deathNotificationStatus", "valueCodeableConcept": {"coding": [{"code": "2"}]}}]}"#, "FORBIDDEN_UPDATE: Forbidden update with error - you cannot add a formal death notification"),
    (r#"/deceasedDateTime "2025-05-20" & /extension/- {"url": "UKCore-DeathNotificationStatus", "extension": [{"url": "deathNotificationStatus", "valueCodeableConcept": {"coding": [{"code": "U"}]}}]}"#, "UNSUPPORTED_VALUE: Unsupported value - 'U'"),
    (r#"/deceasedDateTime "2025-05-20" & /extension/- {"url": "UKCore-DeathNotificationStatus", "extension": [{"url": "deathNotificationStatus", "valueCodeableConcept": {"coding": [{"code": "1"}]}}]} & /extension/- {"url": "UKCore-DeathNotificationStatus", "extension": [{"url": "deathNotificationStatus", "valueCodeableConcept": {"coding": [{"code": "1"}]}}]}"#, "TOO_MANY_VALUES_SUBMITTED"),
];

/// Somebody whose death was notified informally.
#[rustfmt::skip]
pub(super) const INFORMALLY_DEAD: &[Row] = &[
    (r#"/deceasedDateTime "2024-01-02""#, "ok"),
    ("/deceasedDateTime null", "FORBIDDEN_UPDATE: Forbidden update with error - deceasedDateTime cannot be removed"),
    ("/extension/1 null", "FORBIDDEN_UPDATE: Forbidden update with error - death notification status cannot be removed"),
    (r#"/birthDate "2024-01-02""#, "birthDate must not be after deceasedDateTime"),
    (r#"/gender "male""#, "ok"),
];

/// Somebody whose death was notified formally.
#[rustfmt::skip]
pub(super) const FORMALLY_DEAD: &[Row] = &[
    (r#"/deceasedDateTime "2024-01-02""#, "FORBIDDEN_UPDATE: Forbidden update with error - a formal death notification cannot be replaced"),
    (r#"/extension/1 {"url": "UKCore-DeathNotificationStatus", "extension": [{"url": "deathNotificationStatus", "valueCodeableConcept": {"coding": [{"code": "1"}]}}]}"#, "FORBIDDEN_UPDATE"),
    (r#"/gender "male""#, "ok"),
];

/// General practice and managing organisation.
#[rustfmt::skip]
pub(super) const PRACTICE: &[Row] = &[
    (r#"/generalPractitioner/0 {"id": "G1", "type": "Organization", "identifier": {"value": "B83001", "period": {"start": "2020-01-01"}}}"#, "ok"),
    (r#"/generalPractitioner/0 {"id": "G1", "type": "Organization", "identifier": {"value": "B", "period": {"start": "2020-01-01"}}}"#, "INVALID_VALUE: Invalid value - 'B' in field 'generalPractitioner/0/identifier/value'"),
    (r#"/generalPractitioner/0 {"id": "G1", "type": "Organization", "identifier": {"value": "B-83", "period": {"start": "2020-01-01"}}}"#, "INVALID_VALUE"),
    (r#"/generalPractitioner/0 {"id": "G1", "type": "Organization", "identifier": {"value": "B83001", "period": {"start": "2025-01-01", "end": "2026-01-01"}}}"#, "a general practice must not have a period end"),
    (r#"/generalPractitioner/- {"identifier": {"value": "B83001"}}"#, "TOO_MANY_VALUES_SUBMITTED"),
    ("/generalPractitioner/0 null", "FORBIDDEN_UPDATE: Forbidden update with error - you cannot remove a general practice"),
    (r#"/managingOrganization {"identifier": {"value": "B83001"}}"#, "ok"),
    (r#"/managingOrganization {"identifier": {"value": "?"}}"#, "INVALID_VALUE"),
    (r#"/managingOrganization {"identifier": {"value": "B83002"}}"#, "INVALID_VALUE: Invalid value - 'B83002' in field 'managingOrganization/identifier/value'"),
    (r#"/managingOrganization {"identifier": {"value": "R1X"}}"#, "INVALID_VALUE"),
    (r#"/generalPractitioner/0/identifier/value "b83001""#, "ok"),
    (r#"/generalPractitioner/0/identifier/value "y12345""#, "ok"),
    (r#"/generalPractitioner/0/identifier/value "8HK01""#, "ok"),
    (r#"/generalPractitioner/0/identifier/value "B83002""#, "INVALID_VALUE: Invalid value - 'B83002' in field 'generalPractitioner/0/identifier/value'"),
    (r#"/generalPractitioner/0/identifier/value "R1X""#, "INVALID_VALUE: Invalid value - 'R1X'"),
    (r#"/generalPractitioner/0/identifier/value "FB999""#, "INVALID_VALUE: Invalid value - 'FB999'"),
    (r#"/managingOrganization {"identifier": {"value": "B83001", "period": {"start": "2026-01-01"}}}"#, "must not be in the future"),
];

/// Pharmacies, languages, preferences, places of birth.
#[rustfmt::skip]
pub(super) const EXTENSIONS: &[Row] = &[
    (r#"/extension/- {"url": "UKCore-NHSCommunication", "extension": [{"url": "language", "valueCodeableConcept": {"coding": [{"code": "fr"}]}}]}"#, "ok"),
    (r#"/extension/- {"url": "UKCore-NHSCommunication", "extension": [{"url": "language", "valueCodeableConcept": {"coding": [{"code": "q4"}]}}]}"#, "ok"),
    (r#"/extension/- {"url": "UKCore-NHSCommunication", "extension": [{"url": "language", "valueCodeableConcept": {"coding": [{"code": "en"}]}}]}"#, "UNSUPPORTED_VALUE: Unsupported value - 'en'"),
    (r#"/extension/- {"url": "UKCore-NHSCommunication", "extension": [{"url": "language", "valueCodeableConcept": {"coding": [{"code": "qa"}]}}]}"#, "INVALID_VALUE: Invalid value - 'qa'"),
    (r#"/extension/- {"url": "UKCore-NHSCommunication", "extension": [{"url": "interpreterRequired", "valueBoolean": true}]}"#, "ok"),
    (r#"/extension/- {"url": "UKCore-NHSCommunication", "extension": [{"url": "interpreterRequired", "valueBoolean": true}, {"url": "interpreterRequired", "valueBoolean": true}]}"#, "TOO_MANY_VALUES_SUBMITTED"),
    (r#"/extension/- {"url": "UKCore-NHSCommunication", "extension": []}"#, "TOO_FEW_VALUES_SUBMITTED"),
    (r#"/extension/- {"url": "UKCore-NHSCommunication", "extension": [{"url": "language", "valueCodeableConcept": {"coding": [{"code": "fr"}]}}]} & /extension/- {"url": "UKCore-NHSCommunication", "extension": [{"url": "language", "valueCodeableConcept": {"coding": [{"code": "de"}]}}]}"#, "TOO_MANY_VALUES_SUBMITTED: Too many values submitted - a patient can have one communication extension"),
    (r#"/extension/- {"url": "UKCore-ContactPreference", "extension": [{"url": "PreferredContactMethod", "valueCodeableConcept": {"coding": [{"code": "1"}]}}, {"url": "PreferredContactTimes", "valueString": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}]}"#, "ok"),
    (r#"/extension/- {"url": "UKCore-ContactPreference", "extension": [{"url": "PreferredContactMethod", "valueCodeableConcept": {"coding": [{"code": "1"}]}}, {"url": "PreferredContactTimes", "valueString": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}]}"#, "INVALID_VALUE"),
    (r#"/extension/- {"url": "UKCore-ContactPreference", "extension": [{"url": "PreferredContactMethod", "valueCodeableConcept": {"coding": [{"code": "9"}]}}]}"#, "INVALID_VALUE"),
    (r#"/extension/- {"url": "UKCore-ContactPreference", "extension": [{"url": "PreferredContactTimes", "valueString": "x"}]}"#, "INVALID_UPDATE: Invalid update with error - a contact time needs a contact method"),
    (r#"/extension/- {"url": "UKCore-ContactPreference", "extension": [{"url": "PreferredContactMethod", "valueCodeableConcept": {"coding": [{"code": "1"}]}}]} & /extension/- {"url": "UKCore-ContactPreference", "extension": [{"url": "PreferredContactMethod", "valueCodeableConcept": {"coding": [{"code": "2"}]}}]}"#, "TOO_MANY_VALUES_SUBMITTED"),
    (r#"/extension/- {"url": "birthPlace", "valueAddress": {"city": "Leeds"}}"#, "ok"),
    (r#"/extension/- {"url": "birthPlace", "valueAddress": {"country": "GBR"}}"#, "ok"),
    (r#"/extension/- {"url": "birthPlace", "valueAddress": {"country": "1"}}"#, "ok"),
    (r#"/extension/- {"url": "birthPlace", "valueAddress": {"country": "XXX"}}"#, "INVALID_VALUE: Invalid value - 'XXX' in field 'extension/1/valueAddress/country'"),
    (r#"/extension/- {"url": "birthPlace", "valueAddress": {"city": " "}}"#, "TOO_FEW_VALUES_SUBMITTED"),
    (r#"/extension/- {"url": "birthPlace", "valueAddress": {"line": ["1"]}}"#, "ADDITIONAL_PROPERTIES"),
    (r#"/extension/0 {"url": "UKCore-NominatedPharmacy", "valueReference": {"identifier": {"value": "FB999"}}}"#, "ok"),
    (r#"/extension/0 {"url": "UKCore-NominatedPharmacy", "valueReference": {"identifier": {"value": "F-1"}}}"#, "INVALID_VALUE"),
    (r#"/extension/0/valueReference/identifier/value "B83001""#, "ok"),
    (r#"/extension/0/valueReference/identifier/value "fb998""#, "INVALID_VALUE: Invalid value - 'fb998' in field 'extension/0/valueReference/identifier/value'"),
    (r#"/extension/0/valueReference/identifier/value "R1X""#, "INVALID_VALUE: Invalid value - 'R1X'"),
    (r#"/extension/- {"url": "UKCore-MedicalApplianceSupplier", "valueReference": {"identifier": {"value": "Y34567"}}}"#, "ok"),
    ("/extension/0 null", "ok"),
    (r#"/extension/- {"url": "UKCore-NominatedPharmacy", "valueReference": {"identifier": {"value": "FB999"}}}"#, "TOO_MANY_VALUES_SUBMITTED: Too many values submitted - a patient can have one pharmacy of each type"),
    (r#"/extension/- {"url": "removal"}"#, "FORBIDDEN_UPDATE"),
    (r#"/extension/- {"url": "https://example.com/x"}"#, "INVALID_VALUE: Invalid value - 'https://example.com/x' in field 'extension/1/url'"),
    ("/extension/- {}", "MISSING_VALUE: Missing value - 'extension/1/url'"),
    ("/extension/- 1", "VALIDATION_ERROR"),
];
