"""Strangers' clients, authlib and PyJWT with requests from PyPI, get tokens and use them unchanged.

Usage: application_tokens.py BASE_URL CREDENTIALS_FILE
"""

import json
import sys
import time
import uuid

import jwt
import requests
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT

from house import run

BASE = sys.argv[1]
with open(sys.argv[2]) as file:
    CREDENTIALS = json.load(file)
TOKEN_URL = CREDENTIALS["token_url"]
PDS = BASE + "/personal-demographics/FHIR/R4"
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def client(name):
    found = next(row for row in CREDENTIALS["clients"] if row["name"] == name)
    with open(found["private_key_file"]) as file:
        return {**found, "key": file.read()}


def assertion(name="demo-application", algorithm="RS512", key=None, header=(), **changes):
    who = client(name)
    claims = {
        "iss": who["client_id"],
        "sub": who["client_id"],
        "aud": TOKEN_URL,
        "jti": str(uuid.uuid4()),
        "exp": int(time.time()) + 300,
        **changes,
    }
    headers = {"kid": who["kid"], **dict(header)}
    key = None if algorithm == "none" else key or who["key"]
    return jwt.encode(claims, key, algorithm=algorithm, headers=headers)


def ask(signed, **more):
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": JWT_BEARER,
        "client_assertion": signed,
        **more,
    }
    return requests.post(TOKEN_URL, data=form, timeout=30)


def read(token, path="/Patient/9000000009"):
    headers = {"Authorization": f"Bearer {token}", "X-Request-ID": str(uuid.uuid4())}
    return requests.get(PDS + path, headers=headers, timeout=30)


def refused(answer, status, error):
    body = answer.json()
    assert (answer.status_code, body["error"]) == (status, error), answer.text
    assert set(body) == {"error", "error_description", "message_id"}, answer.text


def pyjwt_gets_a_token_and_reads_a_patient():
    answer = ask(assertion())
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["token_type"] == "Bearer" and body["expires_in"] == 599, body
    assert answer.headers["Cache-Control"] == "no-store", answer.headers
    patient = read(body["access_token"])
    assert patient.status_code == 200 and patient.json()["id"] == "9000000009", patient.text


def authlib_gets_a_token_and_reads_a_patient():
    who = client("demo-application")
    # Its own default of an hour is beyond what the national platform takes.
    claims = {"exp": int(time.time()) + 300}
    signing = PrivateKeyJWT(TOKEN_URL, claims=claims, headers={"kid": who["kid"]}, alg="RS512")
    session = OAuth2Session(who["client_id"], who["key"], token_endpoint_auth_method=signing)
    session.fetch_token(TOKEN_URL, grant_type="client_credentials")
    headers = {"X-Request-ID": str(uuid.uuid4())}
    patient = session.get(PDS + "/Patient/9000000009", headers=headers)
    assert patient.status_code == 200 and patient.json()["id"] == "9000000009", patient.text


def smart_clients_sign_on_a_curve_and_ask_for_scopes():
    found = requests.get(BASE + "/oauth2/.well-known/smart-configuration", timeout=30).json()
    assert found["token_endpoint"] == TOKEN_URL, found
    answer = ask(assertion("demo-smart", "ES384"), scope="system/Patient.rs")
    assert answer.status_code == 200, answer.text
    assert answer.json()["scope"] == "system/Patient.rs", answer.text
    assert answer.json()["expires_in"] <= 300, answer.text
    assert read(answer.json()["access_token"]).status_code == 200
    refused(ask(assertion("demo-smart", "ES384")), 400, "invalid_scope")


def privileged_applications_see_restricted_patients_whole():
    plain = read(ask(assertion()).json()["access_token"], "/Patient/9000000025")
    whole = read(ask(assertion("demo-privileged")).json()["access_token"], "/Patient/9000000025")
    assert "address" not in plain.json() and "address" in whole.json(), (plain.text, whole.text)


def an_application_may_not_do_what_workers_do():
    token = ask(assertion()).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}", "X-Request-ID": str(uuid.uuid4())}
    answer = requests.post(PDS + "/Patient", json={}, headers=headers, timeout=30)
    assert answer.status_code == 403, answer.text


def a_token_for_another_api_is_refused():
    token = ask(assertion("demo-operator")).json()["access_token"]
    answer = read(token)
    assert answer.status_code == 401, answer.text
    assert answer.json()["issue"][0]["diagnostics"] == "Invalid Access Token", answer.text


def a_token_expires():
    token = ask(assertion(), _access_token_expiry_ms="1").json()["access_token"]
    deadline = time.time() + 30
    while (answer := read(token)).status_code == 200 and time.time() < deadline:
        time.sleep(0.1)
    assert answer.status_code == 401, answer.text
    assert answer.json()["issue"][0]["diagnostics"] == "Access Token expired", answer.text


def a_changed_token_is_nobodys():
    token = ask(assertion()).json()["access_token"]
    middle = len(token) // 2
    changed = token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1 :]
    assert read(changed).status_code == 401


def a_replayed_assertion_is_refused():
    signed = assertion()
    assert ask(signed).status_code == 200
    refused(ask(signed), 400, "invalid_request")


def wrong_assertions_are_refused():
    with_secret = "a shared secret of a good length, longer than any digest is long, to be sure"
    for wrong, status in [
        (assertion(algorithm="none"), 400),
        (assertion(algorithm="HS512", key=with_secret), 400),
        (assertion(algorithm="RS256"), 400),
        (assertion(exp=int(time.time()) - 60), 400),
        (assertion(exp=int(time.time()) + 3600), 400),
        (assertion(sub="another"), 400),
        (assertion(header={"jku": "https://evil.example/keys"}), 400),
        (assertion(header={"jwk": {"kty": "RSA"}}), 400),
        (assertion(header={"kid": "../../demo/keys"}), 401),
        (assertion(aud="https://elsewhere.example/oauth2/token"), 401),
        (assertion(key=client("demo-privileged")["key"]), 401),
        (assertion(iss="nobody", sub="nobody"), 401),
        ("a" * 20_000, 400),
    ]:
        refused(ask(wrong), status, "invalid_request")
    worker = ask(assertion("demo-worker"))
    refused(worker, 401, "unauthorized_client")


def wrong_requests_are_refused():
    refused(requests.post(TOKEN_URL, json={}, timeout=30), 415, "invalid_request")
    answer = requests.get(TOKEN_URL, timeout=30)
    refused(answer, 405, "invalid_request")
    assert answer.headers["Allow"] == "POST", answer.headers


def main():
    return run("tokens", [
        pyjwt_gets_a_token_and_reads_a_patient,
        authlib_gets_a_token_and_reads_a_patient,
        smart_clients_sign_on_a_curve_and_ask_for_scopes,
        privileged_applications_see_restricted_patients_whole,
        an_application_may_not_do_what_workers_do,
        a_token_for_another_api_is_refused,
        a_token_expires,
        a_changed_token_is_nobodys,
        a_replayed_assertion_is_refused,
        wrong_assertions_are_refused,
        wrong_requests_are_refused,
    ])


if __name__ == "__main__":
    sys.exit(main())
