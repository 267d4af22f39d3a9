"""A stranger's client, fhirpy from PyPI, reads and searches unchanged.

Usage: fhirpy_reads.py BASE_URL
"""

import sys
import uuid

from fhirpy import SyncFHIRClient

from house import run

API = sys.argv[1] + "/personal-demographics/FHIR/R4"
SEARCH = {"family": "Smith", "birthdate": "eq2010-10-22", "gender": "female"}


def client():
    return SyncFHIRClient(API, extra_headers={"X-Request-ID": str(uuid.uuid4())})


def read_by_number():
    patient = client().reference("Patient", "9000000009").to_resource()
    assert patient["resourceType"] == "Patient", patient["resourceType"]
    assert patient["id"] == "9000000009", patient["id"]
    assert int(patient["meta"]["versionId"]) >= 1, patient["meta"]


def search_as_resources():
    found = client().resources("Patient").search(**SEARCH).fetch()
    assert "9000000009" in [patient["id"] for patient in found], len(found)


def search_as_bundle():
    bundle = client().resources("Patient").search(**SEARCH).fetch_raw()
    assert bundle["resourceType"] == "Bundle", bundle["resourceType"]
    assert bundle["type"] == "searchset", bundle["type"]
    assert bundle["total"] == len(bundle["entry"]) >= 1, bundle["total"]
    assert all(0 < entry["search"]["score"] <= 1 for entry in bundle["entry"])


def not_found_is_the_librarys_not_found():
    from fhirpy.base.exceptions import ResourceNotFound

    try:
        client().reference("Patient", "9999999999").to_resource()
    except ResourceNotFound:
        return
    raise AssertionError("a number that nobody has was found")


def main():
    return run("fhirpy", [
        read_by_number,
        search_as_resources,
        search_as_bundle,
        not_found_is_the_librarys_not_found,
    ])


if __name__ == "__main__":
    sys.exit(main())
