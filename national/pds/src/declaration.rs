//! The declaration of the API: what it is and what can be asked of it.

use std::future::Future;
use std::sync::Arc;

use http::Method;
use security::Mode;
use serde_json::{Value, json};
use service::{
    Answer, Interaction, Keeper, Parameter, ReplyDoc, Request, Service, Status, handler,
};

use crate::access::noting_refusals;
use crate::coverage::{get_coverage, post_coverage};
use crate::create_patient::create_patient;
use crate::process_birth_details::process_birth_details;
use crate::related_person::related_person;
use crate::retrieve_patient::retrieve_patient;
use crate::search_patient::search_patient;
use crate::update_patient::{APPLICATION_MAY, update_patient};
use crate::work::poll;
use crate::{BASE, House, SERVICE, faults, schema, status, style};

const ALL: &[Mode] = &[Mode::Application, Mode::PrivilegedApplication, Mode::Worker, Mode::Patient];
const ALL_BUT_PATIENTS: &[Mode] = &[Mode::Application, Mode::PrivilegedApplication, Mode::Worker];
const WORKERS: &[Mode] = &[Mode::Worker];
const WORKERS_AND_PATIENTS: &[Mode] = &[Mode::Worker, Mode::Patient];
const PATIENTS: &[Mode] = &[Mode::Patient];
const NOBODY: &[Mode] = &[];
/// Applications that may update all the same.
const APPLICATIONS_GRANTED: &[(Mode, &str)] =
    &[(Mode::Application, APPLICATION_MAY), (Mode::PrivilegedApplication, APPLICATION_MAY)];

/// The scopes of the access tokens that it takes, strongest last.
const SCOPES: &[(Mode, &str)] = &[
    (Mode::Application, "system/Patient.rs"),
    (Mode::Application, "urn:nhsd:apim:app:level3:personal-demographics-service"),
    (Mode::Worker, "urn:nhsd:apim:user-nhs-cis2:aal2:personal-demographics-service"),
    (Mode::Worker, "urn:nhsd:apim:user-nhs-cis2:aal3:personal-demographics-service"),
    (Mode::Worker, "urn:nhsd:apim:user-nhs-id:aal3:personal-demographics-service"),
    // Patients whose identity is not proved in full are known, and refused at the door.
    (Mode::Patient, "urn:nhsd:apim:user-nhs-login:P0:personal-demographics-service"),
    (Mode::Patient, "urn:nhsd:apim:user-nhs-login:P5:personal-demographics-service"),
    (Mode::Patient, "urn:nhsd:apim:user-nhs-login:P9:personal-demographics-service"),
    (
        Mode::PrivilegedApplication,
        "urn:nhsd:apim:app:level3:privileged-personal-demographics-service",
    ),
];

/// The API, ready to be called.
pub fn service(house: &House) -> Service {
    Service {
        name: SERVICE,
        title: "Personal Demographics Service - FHIR API",
        summary: "Access the demographic details of patients: search, read, update and create.",
        description: include_str!("../README.md"),
        version: env!("CARGO_PKG_VERSION"),
        status: Status::Beta,
        standards: &["FHIR R4", "UK Core"],
        technologies: &["REST", "FHIR"],
        base: BASE,
        faults: faults::TABLE,
        keeper: Keeper::Bearer,
        scopes: SCOPES,
        style: style::STYLE,
        interactions: interactions(house),
        schemas: schema::schemas(),
    }
}

fn interactions(house: &House) -> Vec<Interaction> {
    vec![
        search(house),
        read(house),
        update(house),
        create(house),
        related(house),
        coverage(house),
        new_coverage(house),
        birth(house),
        poll_answer(house),
        plain(house, "ping", "/_ping", "Check that the API answers.", status::ping),
        status(house),
    ]
}

fn search(house: &House) -> Interaction {
    Interaction {
        description: include_str!("../docs/search-patient.md"),
        parameters: with_headers(schema::search_parameters()),
        replies: vec![reply(
            200,
            "The patients found, best match first.",
            schema::searchset_or_outcome(),
        )],
        faults: may_fail(&[
            "INVALID_SEARCH_DATA",
            "ADDITIONAL_PROPERTIES",
            "ONE_RESULT_ONLY",
            "ACCESS_DENIED_PATIENT",
        ]),
        ..interaction(
            house,
            Method::GET,
            "/Patient",
            "search-patient",
            "Search for a patient.",
            ALL_BUT_PATIENTS,
            search_patient,
        )
    }
}

fn read(house: &House) -> Interaction {
    Interaction {
        parameters: with_headers(vec![schema::nhs_number()]),
        replies: vec![versioned(200, "The patient.", schema::named("Patient"))],
        faults: may_fail(&[
            "INVALID_RESOURCE_ID",
            "RESOURCE_NOT_FOUND",
            "INVALIDATED_RESOURCE",
            "NOT_THE_PATIENT",
        ]),
        ..interaction(
            house,
            Method::GET,
            "/Patient/{id}",
            "get-patient",
            "Get patient details.",
            ALL,
            retrieve_patient,
        )
    }
}

fn update(house: &House) -> Interaction {
    Interaction {
        granted: APPLICATIONS_GRANTED,
        description: include_str!("../docs/update-patient.md"),
        parameters: with_headers(vec![
            schema::nhs_number(),
            schema::if_match(),
            schema::sync_wait(),
            schema::prefer(),
        ]),
        body: Some(schema::patch_body()),
        replies: vec![
            versioned(200, "The patient as updated.", schema::named("Patient")),
            taken_on(),
        ],
        faults: may_fail(&[
            "INVALID_RESOURCE_ID",
            "RESOURCE_NOT_FOUND",
            "INVALIDATED_RESOURCE",
            "INVALID_UPDATE",
            "VALIDATION_ERROR",
            "UNSUPPORTED_VALUE",
            "UNSUPPORTED_CHARACTERS_IN_FIELD",
            "ADDITIONAL_PROPERTIES",
            "TOO_FEW_VALUES_SUBMITTED",
            "TOO_MANY_VALUES_SUBMITTED",
            "RESOURCE_VERSION_MISMATCH",
            "PRECONDITION_FAILED",
            "FORBIDDEN_UPDATE",
            "INVALID_METHOD_APPLICATION",
            "NOT_THE_PATIENT",
        ]),
        ..interaction(
            house,
            Method::PATCH,
            "/Patient/{id}",
            "update-patient-partial",
            "Update patient details.",
            WORKERS_AND_PATIENTS,
            update_patient,
        )
    }
}

fn create(house: &House) -> Interaction {
    Interaction {
        description: include_str!("../docs/create-patient.md"),
        parameters: with_headers(vec![schema::sync_wait(), schema::prefer()]),
        body: Some(schema::create_body()),
        replies: vec![
            versioned(
                201,
                "The new patient, with the NHS number allocated.",
                schema::named("Patient"),
            ),
            reply(
                200,
                "Not created: one or more patients match already.",
                schema::named("OperationOutcome"),
            ),
            taken_on(),
        ],
        faults: may_fail(&[
            "INVALID_CREATE",
            "VALIDATION_ERROR",
            "UNSUPPORTED_CHARACTERS_IN_FIELD",
            "UNSUPPORTED_VALUE",
            "ADDITIONAL_PROPERTIES",
            "TOO_FEW_VALUES_SUBMITTED",
            "TOO_MANY_VALUES_SUBMITTED",
            "INVALID_METHOD_CREATE",
            "ACCESS_DENIED_PATIENT",
            "RESOURCE_VERSION_MISMATCH",
        ]),
        ..interaction(
            house,
            Method::POST,
            "/Patient",
            "create-patient",
            "Create a record for a new patient.",
            WORKERS,
            create_patient,
        )
    }
}

fn related(house: &House) -> Interaction {
    Interaction {
        parameters: with_headers(vec![schema::nhs_number()]),
        replies: vec![versioned(200, "The related people.", schema::named("RelatedPersonBundle"))],
        faults: may_fail(&[
            "INVALID_RESOURCE_ID",
            "RESOURCE_NOT_FOUND",
            "INVALIDATED_RESOURCE",
            "NOT_THE_PATIENT",
        ]),
        ..interaction(
            house,
            Method::GET,
            "/Patient/{id}/RelatedPerson",
            "get-related-people",
            "Get a patient's related people.",
            ALL,
            related_person,
        )
    }
}

fn coverage(house: &House) -> Interaction {
    Interaction {
        description: include_str!("../docs/coverage.md"),
        parameters: with_headers(vec![schema::subscriber()]),
        replies: vec![versioned(
            200,
            "The European Health Insurance Card details.",
            schema::named("CoverageBundle"),
        )],
        faults: may_fail(&[
            "INVALID_RESOURCE_ID",
            "INVALID_SEARCH_DATA",
            "RESOURCE_NOT_FOUND",
            "INVALIDATED_RESOURCE",
            "NOT_THE_PATIENT",
            "ACCESS_DENIED_APPLICATION",
            "ACCESS_DENIED_WORKER",
        ]),
        ..interaction(
            house,
            Method::GET,
            "/Coverage",
            "get-coverage",
            "Get a patient's coverage.",
            PATIENTS,
            get_coverage,
        )
    }
}

fn new_coverage(house: &House) -> Interaction {
    Interaction {
        description: include_str!("../docs/coverage.md"),
        parameters: with_headers(vec![schema::if_match(), schema::sync_wait(), schema::prefer()]),
        body: Some(schema::coverage_body()),
        replies: vec![
            versioned(201, "The coverage as updated.", schema::named("CoverageBundle")),
            taken_on(),
        ],
        faults: may_fail(&[
            "INVALID_RESOURCE_ID",
            "INVALID_UPDATE",
            "VALIDATION_ERROR",
            "ADDITIONAL_PROPERTIES",
            "TOO_FEW_VALUES_SUBMITTED",
            "TOO_MANY_VALUES_SUBMITTED",
            "RESOURCE_NOT_FOUND",
            "INVALIDATED_RESOURCE",
            "RESOURCE_VERSION_MISMATCH",
            "PRECONDITION_FAILED",
            "FORBIDDEN_UPDATE",
            "NOT_THE_PATIENT",
            "ACCESS_DENIED_APPLICATION",
            "ACCESS_DENIED_WORKER",
        ]),
        ..interaction(
            house,
            Method::POST,
            "/Coverage",
            "post-coverage",
            "Update a patient's coverage.",
            PATIENTS,
            post_coverage,
        )
    }
}

fn birth(house: &House) -> Interaction {
    Interaction {
        description: include_str!("../docs/process-birth-details.md"),
        parameters: with_headers(vec![schema::sync_wait(), schema::prefer()]),
        body: Some(schema::birth_body()),
        replies: vec![
            versioned(
                201,
                "The new patient, with the NHS number allocated.",
                schema::named("Patient"),
            ),
            reply(
                200,
                "Not created: one or more patients match already.",
                schema::named("OperationOutcome"),
            ),
            taken_on(),
        ],
        faults: may_fail(&[
            "INVALID_CREATE",
            "VALIDATION_ERROR",
            "ADDITIONAL_PROPERTIES",
            "TOO_FEW_VALUES_SUBMITTED",
            "TOO_MANY_VALUES_SUBMITTED",
            "UNSUPPORTED_VALUE",
            "UNSUPPORTED_CHARACTERS_IN_FIELD",
            "INSERT_BIRTH_DEATH_STATUS_INCONSISTENT",
            "INVALID_METHOD_CREATE",
            "ACCESS_DENIED_PATIENT",
            "RESOURCE_VERSION_MISMATCH",
        ]),
        ..interaction(
            house,
            Method::POST,
            "/Patient/$process-birth-details",
            "process-birth-details",
            "Create a record for a newborn baby.",
            WORKERS,
            process_birth_details,
        )
    }
}

fn poll_answer(house: &House) -> Interaction {
    Interaction {
        granted: APPLICATIONS_GRANTED,
        parameters: with_headers(vec![schema::job()]),
        replies: vec![
            versioned(200, "The answer, when the work is done.", schema::any_answer()),
            versioned(201, "The answer, when the work is done.", schema::any_answer()),
            taken_on(),
        ],
        faults: may_fail(&[
            "RESOURCE_NOT_FOUND",
            "INVALID_UPDATE",
            "INVALID_CREATE",
            "VALIDATION_ERROR",
            "RESOURCE_VERSION_MISMATCH",
            "FORBIDDEN_UPDATE",
            "ACCESS_DENIED_APPLICATION",
        ]),
        ..interaction(
            house,
            Method::GET,
            "/_poll/{id}",
            "poll",
            "Ask for the answer to a request that was taken on.",
            WORKERS_AND_PATIENTS,
            poll,
        )
    }
}

fn status(house: &House) -> Interaction {
    let summary = "Check that the API and its store work.";
    let mut status = plain(house, "status", "/_status", summary, status::status);
    status.api_key = true;
    status.replies.push(ReplyDoc {
        media_type: "application/json",
        ..reply(401, "There is no API key, or it is nobody's.", schema::gateway_fault())
    });
    status
}

fn plain<W, F>(
    house: &House,
    name: &'static str,
    path: &'static str,
    summary: &'static str,
    work: W,
) -> Interaction
where
    W: Fn(House, Arc<Request>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Answer> + Send + 'static,
{
    Interaction {
        replies: vec![ReplyDoc {
            media_type: "application/json",
            ..reply(200, "It answers.", json!({ "type": "object" }))
        }],
        faults: vec!["UNKNOWN_ERROR", "PAYLOAD_TOO_LARGE", "UNABLE_TO_CALL_SERVICE"],
        ..interaction(house, Method::GET, path, name, summary, NOBODY, work)
    }
}

/// An interaction with nothing but its essentials.
fn interaction<W, F>(
    house: &House,
    method: Method,
    path: &'static str,
    name: &'static str,
    summary: &'static str,
    access: &'static [Mode],
    work: W,
) -> Interaction
where
    W: Fn(House, Arc<Request>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Answer> + Send + 'static,
{
    let house = house.clone();
    let work = handler(move |request| {
        let (house, work) = (house.clone(), work.clone());
        noting_refusals(house, name, request, async move |house, request| {
            work(house, request).await
        })
    });
    Interaction { access, ..Interaction::new(name, method, path, summary, work) }
}

/// The faults that any interaction may end in, and these.
fn may_fail(own: &[&'static str]) -> Vec<&'static str> {
    const COMMON: [&str; 9] = [
        "MISSING_VALUE",
        "INVALID_VALUE",
        "UNSUPPORTED_SERVICE",
        "ACCESS_DENIED",
        "UNABLE_TO_CALL_SERVICE",
        "PAYLOAD_TOO_LARGE",
        "TOO_MANY_REQUESTS",
        "UNKNOWN_ERROR",
        "SERVICE_UNAVAILABLE",
    ];
    COMMON.iter().chain(own).copied().collect()
}

fn with_headers(mut parameters: Vec<Parameter>) -> Vec<Parameter> {
    parameters.extend(schema::headers());
    parameters
}

fn reply(status: u16, summary: &'static str, schema: Value) -> ReplyDoc {
    ReplyDoc { status, summary, media_type: fhir::MEDIA_TYPE, schema, headers: &[] }
}

fn versioned(status: u16, summary: &'static str, schema: Value) -> ReplyDoc {
    const HEADERS: &[(&str, &str)] = &[("etag", "The version of the patient's record: `W/\"n\"`.")];
    ReplyDoc { headers: HEADERS, ..reply(status, summary, schema) }
}

fn taken_on() -> ReplyDoc {
    const HEADERS: &[(&str, &str)] = &[("content-location", "Where to ask for the answer.")];
    ReplyDoc {
        status: 202,
        summary: "Taken on and on disk; the answer comes later.",
        media_type: "",
        schema: json!({}),
        headers: HEADERS,
    }
}
