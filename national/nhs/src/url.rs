//! The names of national code systems, identifiers and extensions.

/// The identifier system of NHS numbers.
pub const NHS_NUMBER: &str = "https://fhir.nhs.uk/Id/nhs-number";
/// The identifier system of ODS codes.
pub const ODS_CODE: &str = "https://fhir.nhs.uk/Id/ods-organization-code";
/// The codes with which the Spine says what went wrong.
pub const SPINE_ERROR: &str = "https://fhir.nhs.uk/R4/CodeSystem/Spine-ErrorOrWarningCode";
/// HL7's codes of how confidential a record is.
pub const CONFIDENTIALITY: &str = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
/// Whether an NHS number has been verified.
pub const NUMBER_VERIFICATION: &str =
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus";
/// The codes of [`NUMBER_VERIFICATION`].
pub const NUMBER_VERIFICATION_CODES: &str =
    "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatus";
/// Whether and how a death was notified.
pub const DEATH_NOTIFICATION: &str =
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-DeathNotificationStatus";
/// The codes of [`DEATH_NOTIFICATION`].
pub const DEATH_NOTIFICATION_CODES: &str =
    "https://fhir.hl7.org.uk/CodeSystem/UKCore-DeathNotificationStatus";
/// Which language a patient speaks.
pub const COMMUNICATION: &str =
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSCommunication";
/// The codes of languages.
pub const LANGUAGE_CODES: &str = "https://fhir.hl7.org.uk/CodeSystem/UKCore-HumanLanguage";
/// How a patient wants to be contacted.
pub const CONTACT_PREFERENCE: &str =
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-ContactPreference";
/// Where a patient was born.
pub const BIRTH_PLACE: &str = "http://hl7.org/fhir/StructureDefinition/patient-birthPlace";
/// Why a patient is no longer registered.
pub const REMOVAL_FROM_REGISTRATION: &str =
    "https://fhir.nhs.uk/StructureDefinition/Extension-PDS-RemovalFromRegistration";
/// The codes of [`REMOVAL_FROM_REGISTRATION`].
pub const REMOVAL_REASON_CODES: &str = "https://fhir.nhs.uk/CodeSystem/PDS-RemovalReasonExitCode";
/// The pharmacy that a patient chose.
pub const NOMINATED_PHARMACY: &str =
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NominatedPharmacy";
/// The dispensing doctor that a patient chose.
pub const PREFERRED_DISPENSER: &str =
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-PreferredDispenserOrganization";
/// The supplier of medical appliances that a patient chose.
pub const APPLIANCE_SUPPLIER: &str =
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-MedicalApplianceSupplier";
/// The key of an address in a national address file.
pub const ADDRESS_KEY: &str =
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-AddressKey";
/// The codes of which file an [`ADDRESS_KEY`] belongs to.
pub const ADDRESS_KEY_TYPES: &str = "https://fhir.hl7.org.uk/CodeSystem/UKCore-AddressKeyType";
/// Another way of contact than FHIR has words for.
pub const OTHER_CONTACT_SYSTEM: &str =
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-OtherContactSystem";
/// HL7's codes of what a contact is to a patient.
pub const CONTACT_ROLE: &str = "http://terminology.hl7.org/CodeSystem/v2-0131";
