"""A stranger's client, mesh-client from PyPI, works unchanged against a closed exchange, over
HTTP and over HTTPS.

Usage: mesh_mailbox.py BINARY
"""

import pathlib
import sys

import requests
from mesh_client import MeshClient, MeshError

from house import credentials, exchange, run
from mesh_house import PASSWORD, SHARED_KEY

BASE = ""
VERIFY = True


def client(mailbox, **options):
    options = {"verify": VERIFY, "max_retries": 0, **options}
    return MeshClient(BASE, mailbox, PASSWORD, SHARED_KEY.encode(), **options)


def empty(mailbox):
    with client(mailbox) as box:
        for message_id in list(box.iterate_message_ids()):
            box.acknowledge_message(message_id)


def handshake_and_ping():
    with client("X26ABC1") as box:
        assert box.handshake() == b"hello"
        assert box.ping()["outcome"] == "Yes"


def a_wrong_password_is_refused():
    with MeshClient(BASE, "X26ABC1", "wrong", SHARED_KEY.encode(), verify=VERIFY) as box:
        try:
            box.handshake()
        except requests.HTTPError as error:
            assert error.response.status_code == 403, error.response.status_code
            return
    raise AssertionError("a wrong password was let in")


def send_list_retrieve_acknowledge():
    empty("X26ABC2")
    with client("X26ABC1") as sender, client("X26ABC2") as receiver:
        message_id = sender.send_message(
            "X26ABC2",
            b"Hello, receiver",
            workflow_id="TEST_WORKFLOW",
            subject="A caf\xe9",
            filename="letter.txt",
            local_id="mine-1",
            content_type="text/plain",
            checksum="abc",
            partner_id="P1",
            encrypted=True,
        )
        assert receiver.list_messages() == [message_id]
        assert receiver.count_messages() == 1
        message = receiver.retrieve_message(message_id)
        assert message.read() == b"Hello, receiver"
        said = {
            "sender": "X26ABC1",
            "recipient": "X26ABC2",
            "workflow_id": "TEST_WORKFLOW",
            "subject": "A caf\xe9",
            "filename": "letter.txt",
            "local_id": "mine-1",
            "content_type": "text/plain",
            "checksum": "abc",
            "partner_id": "P1",
            "encrypted": True,
            "message_type": "DATA",
            "message_id": message_id,
        }
        for name, value in said.items():
            assert getattr(message, name) == value, (name, getattr(message, name))
        assert sender.track_message(message_id)["status"] == "accepted"
        message.acknowledge()
        assert receiver.list_messages() == []
        tracked = sender.track_message(message_id)
        assert (tracked["status"], tracked["status_success"]) == ("acknowledged", True)


def chunks_plain_and_compressed():
    empty("X26ABC2")
    body = bytes(range(256)) * 1500
    with client("X26ABC1", max_chunk_size=100_000) as sender, client("X26ABC2") as receiver:
        for compress in (False, True):
            message_id = sender.send_message(
                "X26ABC2", body, compress=compress, workflow_id="TEST_WORKFLOW"
            )
            with receiver.retrieve_message(message_id) as message:
                assert message.mex_header("chunk-range") == "1:4"
                assert message.read() == body
            assert receiver.list_messages() == []


def a_large_single_message():
    empty("X26ABC2")
    body = bytes(range(251)) * 80_000
    with client("X26ABC1") as sender, client("X26ABC2") as receiver:
        message_id = sender.send_message("X26ABC2", body, workflow_id="TEST_WORKFLOW")
        with receiver.retrieve_message(message_id) as message:
            assert message.read() == body


def iterate_over_pages():
    empty("X26ABC3")
    with client("X26ABC1") as sender, client("X26ABC3") as receiver:
        sent = [
            sender.send_message("X26ABC3", f"letter {n}".encode(), workflow_id="TEST_WORKFLOW2")
            for n in range(25)
        ]
        assert list(receiver.iterate_message_ids(batch_size=10)) == sent
        assert receiver.list_messages(workflow_filter="!TEST*") == []
        texts = []
        for message in receiver.iterate_messages(batch_size=10):
            with message:
                texts.append(message.read().decode())
        assert texts == [f"letter {n}" for n in range(25)]
        assert receiver.list_messages() == []


def errors_are_the_librarys_errors():
    with client("X26ABC1") as sender:
        for to, workflow, text in (
            ("NOBODY", "TEST_WORKFLOW", "Unregistered to address"),
            ("X26ABC3", "TEST_WORKFLOW", "Workflow ID not registered for mailbox"),
        ):
            try:
                sender.send_message(to, b"x", workflow_id=workflow)
            except MeshError as error:
                assert error.args[0] == text, error.args
            else:
                raise AssertionError(f"{workflow} to {to} was taken on")


def look_up():
    with client("X26ABC1") as box:
        found = box.lookup_endpoint("X26", "TEST_WORKFLOW")["results"]
        assert [one["mailbox_id"] for one in found] == ["X26ABC2"], found


def an_answer_finds_its_message():
    empty("X26ABC1")
    empty("X26ABC2")
    with client("X26ABC1") as sender, client("X26ABC2") as receiver:
        asked = sender.send_message(
            "X26ABC2", b"?", workflow_id="TEST_WORKFLOW", local_id="question-1"
        )
        receiver.retrieve_message(asked).acknowledge()
        answer = receiver.send_message(
            "X26ABC1", b"!", workflow_id="TEST_WORKFLOW_ACK", local_id="question-1"
        )
        assert sender.retrieve_message(answer).mex_header("in-reply-to") == asked


def a_report_comes_and_is_empty():
    empty("X26ABC1")
    report = {
        "mailbox_id": "X26ABC1",
        "code": "14",
        "description": "Message not collected by recipient after 5 days",
        "workflow_id": "TEST_WORKFLOW",
    }
    url = f"{BASE}/messageexchange/admin/report"
    made = requests.post(url, json=report, timeout=30, verify=VERIFY)
    with client("X26ABC1") as box:
        with box.retrieve_message(made.json()["message_id"]) as message:
            assert (message.message_type, message.read()) == ("REPORT", b"")
            assert message.mex_header("statuscode") == "14"


CHECKS = [
    handshake_and_ping,
    a_wrong_password_is_refused,
    send_list_retrieve_acknowledge,
    chunks_plain_and_compressed,
    a_large_single_message,
    iterate_over_pages,
    errors_are_the_librarys_errors,
    look_up,
    an_answer_finds_its_message,
    a_report_comes_and_is_empty,
]


def main():
    global BASE, VERIFY
    with exchange(sys.argv[1], "--tls-listen", "127.0.0.1:0") as (plain, data):
        BASE = plain
        failed = run("mesh-client over HTTP", CHECKS)
        BASE, VERIFY = credentials(data)["tls_url"], str(pathlib.Path(data, "demo/ca.pem"))
        assert BASE.startswith("https://"), BASE
        return failed | run("mesh-client over HTTPS", CHECKS)


if __name__ == "__main__":
    sys.exit(main())
