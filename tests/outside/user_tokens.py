"""Strangers' clients, authlib and PyJWT with requests from PyPI, sign people in and act for them.

Every user-restricted flow, unchanged but for the URL: authorisation code with and without PKCE for
staff and patients, exchange of an ID token, refresh, user info, logout; and each access mode of the
demographics, with tokens got so.

Usage: user_tokens.py BASE_URL CREDENTIALS_FILE
"""

import json
import sys
import time
import uuid
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import jwt
import requests
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken

from house import run

BASE = sys.argv[1]
with open(sys.argv[2]) as file:
    CREDENTIALS = json.load(file)
TOKEN_URL = CREDENTIALS["token_url"]
AUTHORIZE_URL = CREDENTIALS["authorize_url"]
PDS = BASE + "/personal-demographics/FHIR/R4"
JSON_PATCH = "application/json-patch+json"
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"


def client(name):
    return next(row for row in CREDENTIALS["clients"] if row["name"] == name)


def user(sign_in):
    return next(row for row in CREDENTIALS["users"] if row["sign_in"] == sign_in)


class Form(HTMLParser):
    """The one form of a page: where it goes, and what is hidden in it."""

    def __init__(self, html):
        super().__init__()
        self.action, self.fields = None, {}
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.action = attrs["action"]
        if tag == "input" and attrs.get("type") == "hidden":
            self.fields[attrs["name"]] = attrs["value"]


def browse(url, sign_in, level=""):
    """What a person does in a browser; where they end up, with the answer for the client."""
    browser = requests.Session()
    page = browser.get(url, timeout=30)
    assert page.status_code == 200, page.text
    form = Form(page.text)
    typed = {"sign_in": sign_in, "secret": user(sign_in)["secret"], "level": level}
    place = BASE + form.action
    answer = browser.post(place, data={**form.fields, **typed}, allow_redirects=False, timeout=30)
    while answer.status_code in (302, 303) and answer.headers["Location"].startswith(BASE):
        answer = browser.get(answer.headers["Location"], allow_redirects=False, timeout=30)
    assert answer.status_code in (302, 303), answer.text
    return answer.headers["Location"]


def session(name, **more):
    """A client as authlib has it."""
    who = client(name)
    method = "none" if who.get("public") else "client_secret_post"
    return OAuth2Session(
        who["client_id"],
        who.get("client_secret"),
        redirect_uri=who["redirect_uris"][0],
        token_endpoint_auth_method=method,
        **more,
    )


def signed_in(name, sign_in, level="", scope=None):
    """A session of authlib with tokens for a person."""
    verifier = "".join(uuid.uuid4().hex for _ in range(2))
    it = session(name, scope=scope, code_challenge_method="S256")
    url, state = it.create_authorization_url(AUTHORIZE_URL, code_verifier=verifier)
    back = browse(url, sign_in, level)
    assert parse_qs(urlsplit(back).query)["state"] == [state], back
    it.fetch_token(TOKEN_URL, authorization_response=back, code_verifier=verifier)
    return it


def patient(name="demo-patient", sign_in="jane.smith", level=""):
    return signed_in(name, sign_in, level, scope="nhs-login")


def ask(it, path, method="GET", headers=(), **more):
    token = it.token["access_token"] if isinstance(it, OAuth2Session) else it
    all_headers = {"Authorization": f"Bearer {token}", "X-Request-ID": str(uuid.uuid4())}
    all_headers.update(headers)
    return requests.request(method, PDS + path, headers=all_headers, timeout=30, **more)


def code(answer):
    return answer.json()["issue"][0]["details"]["coding"][0]["code"]


def post(form):
    return requests.post(TOKEN_URL, data=form, timeout=30)


def refused(answer, status, error):
    body = answer.json()
    assert (answer.status_code, body["error"]) == (status, error), answer.text
    assert set(body) == {"error", "error_description", "message_id"}, answer.text


def refresh(it, name, token=None):
    who = client(name)
    form = {
        "grant_type": "refresh_token",
        "refresh_token": token or it.token["refresh_token"],
        "client_id": who["client_id"],
    }
    if who.get("client_secret"):
        form["client_secret"] = who["client_secret"]
    return post(form)


def authlib_signs_a_worker_in_and_reads_a_patient():
    it = signed_in("demo-worker", "amira.khan")
    token = it.token
    assert token["token_type"] == "Bearer" and token["expires_in"] == 599, token
    assert token["refresh_count"] == "0" and token["sid"], token
    assert 43190 <= token["refresh_token_expires_in"] <= 43199, token
    answer = it.get(PDS + "/Patient/9000000009", headers={"X-Request-ID": str(uuid.uuid4())})
    assert answer.status_code == 200 and answer.json()["id"] == "9000000009", answer.text


def a_worker_signs_in_without_pkce_and_by_basic_authentication():
    who = client("demo-worker")
    it = OAuth2Session(
        who["client_id"], who["client_secret"], redirect_uri=who["redirect_uris"][0]
    )
    url, state = it.create_authorization_url(AUTHORIZE_URL)
    it.fetch_token(TOKEN_URL, authorization_response=browse(url, "amira.khan"), state=state)
    assert ask(it, "/Patient/9000000009").status_code == 200


def user_info_tells_a_workers_roles():
    it = signed_in("demo-worker", "owen.price")
    answer = it.get(BASE + "/oauth2/userinfo")
    roles = [role["person_roleid"] for role in answer.json()["nhsid_nrbac_roles"]]
    expected = [role["id"] for role in user("owen.price")["roles"]]
    assert answer.status_code == 200 and roles == expected, answer.text
    refused(patient().get(BASE + "/oauth2/userinfo"), 400, "invalid_request")


def a_worker_with_two_roles_says_which():
    it = signed_in("demo-worker", "owen.price")
    first, second = [role["id"] for role in user("owen.price")["roles"]]
    missing = ask(it, "/Patient/9000000009")
    assert missing.status_code == 400 and code(missing) == "INVALID_VALUE", missing.text
    foreign = ask(it, "/Patient/9000000009", headers={"NHSD-Session-URID": "555254240100"})
    assert foreign.status_code == 400, foreign.text
    text = foreign.json()["issue"][0]["diagnostics"]
    assert text.startswith("Invalid value - '555254240100' in header 'NHSD-Session-URID'"), text
    for role in (first, second):
        named = ask(it, "/Patient/9000000009", headers={"NHSD-Session-URID": role})
        assert named.status_code == 200, named.text


def workers_do_what_workers_may():
    for level in ("AAL2", "AAL3"):
        it = signed_in("demo-worker", "amira.khan", level)
        found = ask(it, "/Patient?family=Smith&birthdate=ge1900-01-01&_max-results=50")
        assert found.status_code == 200, found.text
        assert ask(it, "/Patient/9000000009/RelatedPerson").status_code == 200
        before = ask(it, "/Patient/9000000009")
        headers = {"If-Match": before.headers["ETag"], "Content-Type": JSON_PATCH}
        patch = {"patches": [{"op": "replace", "path": "/gender", "value": "female"}]}
        answer = ask(it, "/Patient/9000000009", "PATCH", headers, data=json.dumps(patch))
        assert answer.status_code == 200, answer.text
        card = ask(it, "/Coverage?subscriber:identifier=9000000009")
        assert card.status_code == 403, card.text


def a_patient_reads_their_own_record_and_nobody_elses():
    it = patient()
    assert 3590 <= it.token["refresh_token_expires_in"] <= 3599, it.token
    own = ask(it, "/Patient/9000000009")
    assert own.status_code == 200 and own.json()["id"] == "9000000009", own.text
    assert ask(it, "/Patient/9000000009/RelatedPerson").status_code == 200
    assert ask(it, "/Coverage?subscriber:identifier=9000000009").status_code == 200
    for path in ("/Patient/9000000017", "/Patient/9000000017/RelatedPerson"):
        assert ask(it, path).status_code == 403, path
    assert ask(it, "/Coverage?subscriber:identifier=9000000017").status_code == 403
    search = ask(it, "/Patient?family=Smith&birthdate=2010-10-22")
    assert search.status_code == 403 and code(search) == "ACCESS_DENIED", search.text
    assert ask(it, "/Patient", "POST", json={}).status_code == 403


def a_patient_changes_what_patients_may_change():
    it = patient()
    before = ask(it, "/Patient/9000000009")
    headers = {"If-Match": before.headers["ETag"], "Content-Type": JSON_PATCH}
    patch = {"patches": [{"op": "replace", "path": "/gender", "value": "male"}]}
    answer = ask(it, "/Patient/9000000009", "PATCH", headers, data=json.dumps(patch))
    assert answer.status_code == 400 and code(answer) == "INVALID_UPDATE", answer.text
    text = answer.json()["issue"][0]["diagnostics"]
    assert "does not have permission to update the fields" in text, text
    mobile = {"system": "phone", "use": "mobile", "value": "07700900123"}
    mobile["period"] = {"start": "2020-01-01"}
    patch = {"patches": [{"op": "add", "path": "/telecom/-", "value": mobile}]}
    answer = ask(it, "/Patient/9000000009", "PATCH", headers, data=json.dumps(patch))
    assert answer.status_code == 200, answer.text
    after = ask(it, "/Patient/9000000009")
    assert after.headers["ETag"] != before.headers["ETag"], after.headers["ETag"]
    reach = [one["value"] for one in after.json()["telecom"]]
    assert reach[:-1] == [one["value"] for one in before.json()["telecom"]], reach
    assert reach[-1] == mobile["value"], reach
    # Taken back, so that it may be added again.
    place, named = f"/telecom/{len(reach) - 1}", after.json()["telecom"][-1]["id"]
    patch = {"patches": [{"op": "test", "path": f"{place}/id", "value": named},
                         {"op": "remove", "path": place}]}
    headers["If-Match"] = after.headers["ETag"]
    answer = ask(it, "/Patient/9000000009", "PATCH", headers, data=json.dumps(patch))
    assert answer.status_code == 200, answer.text


def patients_who_are_not_proved_in_full_are_refused():
    people = [("jane.smith", "P5"), ("jane.smith", "P0"), ("paul.smith", ""), ("nora.new", "")]
    for sign_in, level in people:
        answer = ask(patient(sign_in=sign_in, level=level), "/Patient/9000000009")
        assert answer.status_code == 403 and code(answer) == "ACCESS_DENIED", answer.text


def a_public_client_proves_itself_by_pkce():
    it = patient("demo-public")
    assert ask(it, "/Patient/9000000009").status_code == 200
    answer = refresh(it, "demo-public")
    assert answer.status_code == 200 and answer.json()["refresh_count"] == "1", answer.text


def id_token(name, sign_in, issuer):
    """A client signs a person in by itself, by plain OpenID Connect."""
    url = CREDENTIALS["issuers"][issuer]
    found = requests.get(url + "/.well-known/openid-configuration", timeout=30).json()
    assert found["issuer"] == url, found
    it = session(name, scope="openid")
    nonce = uuid.uuid4().hex
    place, _ = it.create_authorization_url(found["authorization_endpoint"], nonce=nonce)
    token = it.fetch_token(
        found["token_endpoint"], authorization_response=browse(place, sign_in)
    )["id_token"]
    keys = jwt.PyJWKClient(found["jwks_uri"])
    algorithms = found["id_token_signing_alg_values_supported"]
    key = keys.get_signing_key_from_jwt(token).key
    claims = jwt.decode(token, key, algorithms=algorithms, audience=name, issuer=url)
    params = {"nonce": nonce, "client_id": name}
    checked = CodeIDToken(claims, {"alg": algorithms[0]}, params=params)
    checked.validate()
    return token, found


def assertion(name):
    who = client(name)
    with open(who["private_key_file"]) as file:
        key = file.read()
    claims = {
        "iss": who["client_id"],
        "sub": who["client_id"],
        "aud": TOKEN_URL,
        "jti": str(uuid.uuid4()),
        "exp": int(time.time()) + 300,
    }
    return jwt.encode(claims, key, algorithm="RS512", headers={"kid": who["kid"]})


def exchange(name, token):
    return post(
        {
            "grant_type": EXCHANGE,
            "subject_token_type": ID_TOKEN,
            "subject_token": token,
            "client_assertion_type": JWT_BEARER,
            "client_assertion": assertion(name),
        }
    )


def an_id_token_is_exchanged_for_staff_and_patients():
    for name, sign_in, issuer in [
        ("demo-worker", "amira.khan", "staff"),
        ("demo-patient", "jane.smith", "patient"),
    ]:
        token, _ = id_token(name, sign_in, issuer)
        answer = exchange(name, token)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert body["issued_token_type"].endswith(":access_token"), body
        assert ask(body["access_token"], "/Patient/9000000009").status_code == 200
        again = refresh(None, name, body["refresh_token"])
        assert again.status_code == 200, again.text


def an_id_token_of_another_client_is_not_exchanged():
    token, _ = id_token("demo-worker-two-roles", "owen.price", "staff")
    refused(exchange("demo-worker", token), 401, "invalid_request")


def an_unsigned_id_token_is_not_exchanged():
    token, _ = id_token("demo-worker", "amira.khan", "staff")
    claims = jwt.decode(token, options={"verify_signature": False})
    unsigned = jwt.encode(claims, None, algorithm="none", headers={"kid": "staff-1"})
    refused(exchange("demo-worker", unsigned), 400, "invalid_request")


def a_refresh_token_is_good_once_and_its_reuse_ends_the_session():
    it = signed_in("demo-worker", "amira.khan")
    first = it.token["refresh_token"]
    second = refresh(it, "demo-worker")
    assert second.status_code == 200 and second.json()["refresh_count"] == "1", second.text
    access = second.json()["access_token"]
    assert ask(access, "/Patient/9000000009").status_code == 200
    again = refresh(it, "demo-worker", first)
    refused(again, 401, "invalid_grant")
    assert again.json()["error_description"] == "refresh_token is invalid", again.text
    assert ask(access, "/Patient/9000000009").status_code == 401
    refused(refresh(it, "demo-worker", second.json()["refresh_token"]), 401, "invalid_grant")


def a_stolen_refresh_token_is_nobody_elses():
    it = signed_in("demo-worker", "amira.khan")
    refused(refresh(None, "demo-public", it.token["refresh_token"]), 401, "invalid_grant")
    assert refresh(it, "demo-worker").status_code == 200


def a_code_is_good_once():
    it = session("demo-worker")
    url, _ = it.create_authorization_url(AUTHORIZE_URL)
    back = browse(url, "amira.khan")
    it.fetch_token(TOKEN_URL, authorization_response=back)
    who = client("demo-worker")
    again = post(
        {
            "grant_type": "authorization_code",
            "code": parse_qs(urlsplit(back).query)["code"][0],
            "redirect_uri": who["redirect_uris"][0],
            "client_id": who["client_id"],
            "client_secret": who["client_secret"],
        }
    )
    refused(again, 400, "invalid_grant")
    assert ask(it, "/Patient/9000000009").status_code == 401, "what came of it counts no more"


def who_signs_out_takes_all_access_back():
    token, found = id_token("demo-worker", "amira.khan", "staff")
    body = exchange("demo-worker", token).json()
    assert ask(body["access_token"], "/Patient/9000000009").status_code == 200
    out = requests.get(found["end_session_endpoint"], params={"id_token_hint": token}, timeout=30)
    assert out.status_code == 200 and "signed out" in out.text, out.text
    assert ask(body["access_token"], "/Patient/9000000009").status_code == 401
    refused(refresh(None, "demo-worker", body["refresh_token"]), 401, "invalid_grant")


def nobody_is_sent_where_the_client_is_not():
    who = client("demo-worker")
    query = {"client_id": who["client_id"], "response_type": "code", "state": "s"}
    query["redirect_uri"] = "https://evil.example/callback"
    answer = requests.get(AUTHORIZE_URL, params=query, allow_redirects=False, timeout=30)
    assert answer.status_code == 400 and "Location" not in answer.headers, answer.text
    wrong = requests.post(AUTHORIZE_URL, data=query, timeout=30)
    assert wrong.status_code == 405 and wrong.headers["Allow"] == "GET", wrong.headers


def main():
    return run("people", [
        authlib_signs_a_worker_in_and_reads_a_patient,
        a_worker_signs_in_without_pkce_and_by_basic_authentication,
        user_info_tells_a_workers_roles,
        a_worker_with_two_roles_says_which,
        workers_do_what_workers_may,
        a_patient_reads_their_own_record_and_nobody_elses,
        a_patient_changes_what_patients_may_change,
        patients_who_are_not_proved_in_full_are_refused,
        a_public_client_proves_itself_by_pkce,
        an_id_token_is_exchanged_for_staff_and_patients,
        an_id_token_of_another_client_is_not_exchanged,
        an_unsigned_id_token_is_not_exchanged,
        a_refresh_token_is_good_once_and_its_reuse_ends_the_session,
        a_stolen_refresh_token_is_nobody_elses,
        a_code_is_good_once,
        who_signs_out_takes_all_access_back,
        nobody_is_sent_where_the_client_is_not,
    ])


if __name__ == "__main__":
    sys.exit(main())
