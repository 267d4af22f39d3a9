"""A stranger's fuzzer, schemathesis from PyPI, believes what the API says of itself and tries it.

No answer may be a server's error, and none may have a status, a media type or a shape that the
served OpenAPI document does not name. The seed is fixed, so that a failure comes back.

It calls as nobody (which an open house takes for a health worker), and asks for coverage as a
patient, since only patients may.

Usage: schemathesis_run.py BASE_URL CREDENTIALS_FILE
"""

import json
import os
import subprocess
import sys
from pathlib import Path

SEED = "20261122"
EXAMPLES = "30"
SECONDS_MAX = 240
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
]


def main():
    base, credentials = sys.argv[1:]
    demographics = base + "/personal-demographics/FHIR/R4"
    runs = [
        run(demographics, []),
        run(base + "/oauth2", []),
        run(base + "/messages", []),
        run(base + "/messageexchange", []),
        run(base + "/spine-directory/FHIR/R4", []),
        run(base + "/booking-and-referral/FHIR/R4", []),
        run(demographics, ["--include-path", "/Coverage", "--header", as_patient(credentials)]),
    ]
    print(f"{runs.count(True)} passed, {runs.count(False)} failed")
    return 0 if all(runs) else 1


def as_patient(credentials):
    """The header that says who the demonstration's patient is."""
    clients = json.loads(Path(credentials).read_text())["clients"]
    patient = next(client for client in clients if client["access"] == "patient")
    return f"Authorization: Bearer {patient['bearer_token']}"


def run(api, more):
    """One run over the document that an API serves; whether all went well."""
    program = Path(sys.executable).parent / "schemathesis"
    command = [
        *[str(program), "run", f"{api}/openapi.json"],
        *["--checks", ",".join(CHECKS)],
        *["--phases", "examples,coverage,fuzzing"],
        *["--max-examples", EXAMPLES],
        *["--seed", SEED],
        *["--request-timeout", "20"],
        *["--suppress-health-check", "all"],
        *more,
    ]
    hooks = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).resolve().parent),
        "PYTHONDONTWRITEBYTECODE": "1",
        "SCHEMATHESIS_HOOKS": "schemathesis_hooks",
    }
    # Its notebook of examples must not carry failures from one run to the next.
    scratch = Path(sys.prefix) / "schemathesis-scratch"
    scratch.mkdir(exist_ok=True)
    try:
        done = subprocess.run(command, env=hooks, cwd=scratch, timeout=SECONDS_MAX)
        return done.returncode == 0
    except subprocess.TimeoutExpired:
        print(f"schemathesis was not done after {SECONDS_MAX} s")
        return False


if __name__ == "__main__":
    sys.exit(main())
