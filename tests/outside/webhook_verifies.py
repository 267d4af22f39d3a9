"""A stranger's verifier, standardwebhooks from PyPI, believes what the exchange signs.

It starts an exchange of its own, since the endpoint must be in its directory.

Usage: webhook_verifies.py BINARY
"""

import json
import queue
import subprocess
import sys
import tempfile
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from standardwebhooks import Webhook, WebhookVerificationError

from house import run

NEW = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
OLD = "whsec_AgECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
OTHER = "whsec_BwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
SECONDS_MAX = 60

ARRIVED = queue.Queue()


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        ARRIVED.put((dict(self.headers.items()), body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


class Exchange:
    def __init__(self, binary, folder, port):
        directory = Path(folder) / "directory.toml"
        directory.write_text(
            f"""
            [[organisation]]
            ods = "Y99999"
            name = "Hill Road Surgery"
            kind = "gp-practice"

            [[endpoint]]
            name = "HOOK"
            url = "http://127.0.0.1:{port}/in"
            wire = "webhook"
            organisation = "Y99999"
            secrets = ["{NEW}", "{OLD}"]
            private = true
            """
        )
        command = [binary, "serve", "--open", "--listen", "127.0.0.1:0"]
        command += ["--data", f"{folder}/data", "--apply", str(directory)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline().split()
        assert line[:1] == ["ready"], f"it did not become ready: {line}"
        self.base = line[1]

    def send(self, body, media_type):
        """What arrives at the receiver, and the id that the sender was given."""
        headers = {"Message-To": "HOOK", "Message-Type": "LETTER", "Content-Type": media_type}
        request = urllib.request.Request(f"{self.base}/messages", body, headers)
        with urllib.request.urlopen(request) as answer:
            assert answer.status == 202, answer.status
            accepted = json.load(answer)
        headers, arrived = ARRIVED.get(timeout=SECONDS_MAX)
        return headers, arrived, accepted["id"]

    def stop(self):
        self.process.terminate()
        assert self.process.wait(SECONDS_MAX) == 0


def text_is_signed(exchange):
    headers, body, message = exchange.send("Grüße".encode(), "text/plain; charset=utf-8")
    told = Webhook(NEW).verify(body, headers)
    assert told["type"] == "LETTER", told["type"]
    assert told["data"]["body"] == "Grüße", told["data"]
    assert told["data"]["message"] == message, told["data"]


def json_is_signed(exchange):
    document = {"resourceType": "Patient", "active": True, "weight": 1.50}
    body = json.dumps(document).encode()
    headers, body, _ = exchange.send(body, "application/fhir+json")
    assert Webhook(NEW).verify(body, headers)["data"]["body"] == document


def bytes_are_signed(exchange):
    headers, body, _ = exchange.send(b"\xff\x00\x10", "application/pdf")
    data = Webhook(NEW).verify(body, headers)["data"]
    assert (data["encoding"], data["body"]) == ("base64", "/wAQ"), data


def both_secrets_verify_while_they_change(exchange):
    headers, body, _ = exchange.send(b"x", "text/plain")
    Webhook(NEW).verify(body, headers)
    Webhook(OLD).verify(body, headers)


def what_was_changed_on_the_way_does_not_verify(exchange):
    headers, body, _ = exchange.send(b"x", "text/plain")
    later = {**headers, "webhook-timestamp": str(int(headers["webhook-timestamp"]) + 1)}
    renamed = {**headers, "webhook-id": headers["webhook-id"] + "0"}
    for secret, tried, given in [
        (OTHER, headers, body),
        (NEW, later, body),
        (NEW, renamed, body),
        (NEW, headers, body + b" "),
    ]:
        try:
            Webhook(secret).verify(given, tried)
        except WebhookVerificationError:
            continue
        raise AssertionError("something that was changed was believed")


def a_large_message_is_fetched(exchange):
    large = b"x" * 200_000
    headers, body, _ = exchange.send(large, "application/octet-stream")
    data = Webhook(NEW).verify(body, headers)["data"]
    assert "body" not in data and data["bytes"] == len(large), data
    with urllib.request.urlopen(data["content_url"]) as answer:
        assert answer.read() == large


CHECKS = [
    text_is_signed,
    json_is_signed,
    bytes_are_signed,
    both_secrets_verify_while_they_change,
    what_was_changed_on_the_way_does_not_verify,
    a_large_message_is_fetched,
]


def main():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        exchange = Exchange(sys.argv[1], folder, server.server_address[1])
        failed = run("standardwebhooks", CHECKS, exchange)
        exchange.stop()
    return failed


if __name__ == "__main__":
    sys.exit(main())
