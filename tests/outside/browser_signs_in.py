"""A stranger's browser, Chromium driven by playwright from PyPI, signs people in without a script.

It is sent off by the authorisation endpoint, fills in the page, and comes back to the client with a
code; what it learns on the way is that the page works by the keyboard alone, refuses wrong secrets
with words, and that nothing of it is blocked by its own policy.

Usage: browser_signs_in.py BASE_URL CREDENTIALS_FILE [SCREENSHOT]
"""

import functools
import json
import shutil
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from playwright.sync_api import sync_playwright

from house import run

BASE = sys.argv[1]
with open(sys.argv[2]) as file:
    CREDENTIALS = json.load(file)
# Where every client of the demonstration may be answered: here, while this runs.
BACK = "http://127.0.0.1:8610/callback"
SCREENSHOT = sys.argv[3] if len(sys.argv) > 3 else None


def client(name):
    return next(row for row in CREDENTIALS["clients"] if row["name"] == name)


def user(sign_in):
    return next(row for row in CREDENTIALS["users"] if row["sign_in"] == sign_in)


class Client(BaseHTTPRequestHandler):
    """What the browser comes back to."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write(b"back at the client")

    def log_message(self, *_):
        pass


def start(page, name, scope=""):
    """Opens what a client sends a person to."""
    who = client(name)
    query = {"response_type": "code", "client_id": who["client_id"], "redirect_uri": BACK}
    query.update({"state": "a state", "scope": scope})
    page.goto(CREDENTIALS["authorize_url"] + "?" + urlencode(query))
    assert page.title() == "Sign in", page.title()


def code_that_came_to_the_client(page):
    page.wait_for_url(BACK + "*")
    assert page.inner_text("body") == "back at the client", page.content()
    query = parse_qs(urlsplit(page.url).query)
    assert query["state"] == ["a state"], page.url
    return query["code"][0]


def redeemed(name, code):
    who = client(name)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": BACK,
        "client_id": who["client_id"],
        "client_secret": who["client_secret"],
    }
    answer = requests.post(CREDENTIALS["token_url"], data=form, timeout=30)
    assert answer.status_code == 200, answer.text
    return answer.json()


def on_a_page(check):
    """The check in a browser of its own that runs no scripts and has nothing to complain of."""
    @functools.wraps(check)
    def checked(chromium):
        complaints = []
        with chromium.new_context(java_script_enabled=False) as context:
            page = context.new_page()
            page.on("console", lambda said: complaints.append(said.text))
            check(page)
        policy = [text for text in complaints if "Content Security Policy" in text]
        assert not policy, policy

    return checked


@on_a_page
def a_worker_signs_in(page):
    start(page, "demo-worker")
    if SCREENSHOT:
        page.screenshot(path=SCREENSHOT, full_page=True)
    page.get_by_label("Name").fill("amira.khan")
    page.get_by_label("Secret").fill(user("amira.khan")["secret"])
    page.get_by_label("AAL2").check()
    page.get_by_role("button", name="Sign in").click()
    assert redeemed("demo-worker", code_that_came_to_the_client(page))["access_token"]


@on_a_page
def a_patient_signs_in_by_the_keyboard_alone(page):
    start(page, "demo-patient", "nhs-login")
    page.keyboard.type("jane.smith")
    page.keyboard.press("Tab")
    page.keyboard.type(user("jane.smith")["secret"])
    page.keyboard.press("Enter")
    assert redeemed("demo-patient", code_that_came_to_the_client(page))["refresh_token"]


@on_a_page
def a_wrong_secret_is_told_and_can_be_put_right(page):
    start(page, "demo-worker")
    page.get_by_label("Name").fill("amira.khan")
    page.get_by_label("Secret").fill("a guess")
    page.get_by_role("button", name="Sign in").click()
    assert page.get_by_role("alert").inner_text() == "The name or the secret is wrong."
    assert page.title() == "Error: Sign in", page.title()
    assert page.get_by_label("Name").input_value() == "amira.khan"
    page.get_by_label("Secret").fill(user("amira.khan")["secret"])
    page.get_by_role("button", name="Sign in").click()
    assert code_that_came_to_the_client(page)


@on_a_page
def the_page_is_good_in_its_own_browser_only(page):
    start(page, "demo-worker")
    page.context.clear_cookies()
    page.get_by_label("Name").fill("amira.khan")
    page.get_by_label("Secret").fill(user("amira.khan")["secret"])
    page.get_by_role("button", name="Sign in").click()
    assert page.title() == "Start again", page.title()


def main():
    place = urlsplit(BACK)
    server = ThreadingHTTPServer((place.hostname, place.port), Client)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        path = shutil.which("chromium")
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        failed = run("browser", [
            a_worker_signs_in,
            a_patient_signs_in_by_the_keyboard_alone,
            a_wrong_secret_is_told_and_can_be_put_right,
            the_page_is_good_in_its_own_browser_only,
        ], chromium)
        chromium.close()
    return failed


if __name__ == "__main__":
    sys.exit(main())
