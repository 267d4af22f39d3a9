"""A stranger's fuzzer, schemathesis from PyPI, believes what the API says of itself and tries it.

No answer may be a server's error, and none may have a status, a media type or a shape that the
served OpenAPI document does not name. The seed is fixed, so that a failure comes back.

Usage: schemathesis_run.py BASE_URL
"""

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
    here = Path(__file__).resolve().parent
    program = Path(sys.executable).parent / "schemathesis"
    document = sys.argv[1] + "/personal-demographics/FHIR/R4/openapi.json"
    command = [
        *[str(program), "run", document],
        *["--checks", ",".join(CHECKS)],
        *["--phases", "examples,coverage,fuzzing"],
        *["--max-examples", EXAMPLES],
        *["--seed", SEED],
        *["--request-timeout", "20"],
        *["--suppress-health-check", "all"],
    ]
    hooks = {
        **os.environ,
        "PYTHONPATH": str(here),
        "PYTHONDONTWRITEBYTECODE": "1",
        "SCHEMATHESIS_HOOKS": "schemathesis_hooks",
    }
    # Its notebook of examples must not carry failures from one run to the next.
    scratch = Path(sys.prefix) / "schemathesis-scratch"
    scratch.mkdir(exist_ok=True)
    try:
        done = subprocess.run(command, env=hooks, cwd=scratch, timeout=SECONDS_MAX)
        passed = done.returncode == 0
    except subprocess.TimeoutExpired:
        print(f"schemathesis was not done after {SECONDS_MAX} s")
        passed = False
    print("1 passed, 0 failed" if passed else "0 passed, 1 failed")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
