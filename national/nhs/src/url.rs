//! The names of national code systems, identifiers and extensions.

/// The identifier system of NHS numbers.
pub const NHS_NUMBER: &str = "https://fhir.nhs.uk/Id/nhs-number";
/// The identifier system of ODS codes.
pub const ODS_CODE: &str = "https://fhir.nhs.uk/Id/ods-organization-code";
/// The codes with which the Spine says what went wrong.
pub const SPINE_ERROR: &str = "https://fhir.nhs.uk/R4/CodeSystem/Spine-ErrorOrWarningCode";
/// The identifier system of services in the national directory of services.
pub const DOS_SERVICE_ID: &str = "https://fhir.nhs.uk/Id/dos-service-id";
/// The identifier system of accredited system ids.
pub const ASID: &str = "https://fhir.nhs.uk/Id/nhsSpineASID";
/// The identifier system of party keys.
pub const PARTY_KEY: &str = "https://fhir.nhs.uk/Id/nhsMhsPartyKey";
/// The identifier system of collaboration protocol agreements.
pub const CPA_ID: &str = "https://fhir.nhs.uk/Id/nhsMhsCPAId";
/// The identifier system of message handlers' records.
pub const MHS_ID: &str = "https://fhir.nhs.uk/Id/nhsMHSId";
/// The identifier system of the names of message handlers' hosts.
pub const MHS_FQDN: &str = "https://fhir.nhs.uk/Id/nhsMhsFQDN";
/// The identifier system of interactions, each as `<service>:<interaction>`.
pub const SERVICE_INTERACTION: &str = "https://fhir.nhs.uk/Id/nhsServiceInteractionId";
/// Which interaction a system is accredited for.
pub const SERVICE_INTERACTION_ID: &str =
    "https://fhir.nhs.uk/StructureDefinition/Extension-SDS-NhsServiceInteractionId";
/// Who made a system.
pub const MANUFACTURING_ORGANISATION: &str =
    "https://fhir.nhs.uk/StructureDefinition/Extension-SDS-ManufacturingOrganisation";
/// How reliably messages travel.
pub const RELIABILITY: &str =
    "https://fhir.nhs.uk/StructureDefinition/Extension-SDS-ReliabilityConfiguration";
/// The codes with which bookings and referrals say what went wrong, and whose fault it is.
pub const HTTP_ERROR: &str = "https://fhir.nhs.uk/Codesystem/http-error-codes";
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
/// The codes of how a patient wants to be written to.
pub const WRITTEN_FORMAT_CODES: &str =
    "https://fhir.hl7.org.uk/CodeSystem/UKCore-PreferredWrittenCommunicationFormat";
/// The codes of how a patient wants to be contacted.
pub const CONTACT_METHOD_CODES: &str =
    "https://fhir.hl7.org.uk/CodeSystem/UKCore-PreferredContactMethod";
/// The organisation that asks for a patient to be registered.
pub const REGISTERING_AUTHORITY: &str =
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-RegisteringAuthority";
/// The codes of what kind of organisation a [`REGISTERING_AUTHORITY`] is.
pub const REGISTERING_AUTHORITY_CODES: &str =
    "https://fhir.nhs.uk/CodeSystem/UKCore-RegisteringAuthorityType";
/// Whether letters about a patient go to a related person as well.
pub const COPY_CORRESPONDENCE: &str =
    "https://fhir.nhs.uk/R4/StructureDefinition/Extension-UKCore-CopyCorrespondenceIndicator";
/// Which of several related people to contact first.
pub const CONTACT_RANK: &str =
    "https://fhir.nhs.uk/R4/StructureDefinition/Extension-UKCore-ContactRank";
/// HL7's value set of what a related person is to a patient, as the national record names it.
pub const RELATIONSHIP_TYPES: &str = "http://hl7.org/fhir/ValueSet/relatedperson-relationshiptype";
/// National codes of what a related person is to a patient.
pub const RELATIONSHIP_CODES: &str =
    "https://fhir.nhs.uk/R4/CodeSystem/UKCore-AdditionalRelatedPersonRole";
/// HL7's codes of the roles of people, `MTH` for mother.
pub const ROLE_CODES: &str = "http://terminology.hl7.org/CodeSystem/v3-RoleCode";
/// The codes of countries.
pub const COUNTRY_CODES: &str = "urn:iso:std:iso:3166";
