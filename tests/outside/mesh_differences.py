"""The exchange beside the public sandbox, mesh-sandbox from PyPI: the same requests to both, and
the answers compared field by field. Every difference must be one of DIFFERENCES, each with its
reason; and each of those must show.

Usage: mesh_differences.py BINARY
"""

import fnmatch
import gzip
import json
import re
import sys

import requests

from house import exchange, run
from mesh_house import sandbox, token

API = "/messageexchange"
V2 = "application/vnd.mesh.v2+json"
ACCEPT = {1: None, 2: V2}
# What no two servers say alike and nobody compares.
UNCOMPARED = {"date", "server", "content-length", "connection", "transfer-encoding", "vary"}
MASKED = {"query_id", "internalID", "build_label", "env"}

# (step, field, reason). A `*` stands for anything.
DIFFERENCES = [
    # Words that are ours to choose.
    ("*", "body*.mailbox_name", "our demonstration names its own mailboxes"),
    ("endpointlookup*", "body*.description", "our demonstration names its own mailboxes"),
    ("*", "body*_name", "our demonstration names its own mailboxes and organisations"),
    ("track*", "body.recipient*Name", "our demonstration names its own mailboxes"),
    ("track*", "body.sender*Name", "our demonstration names its own mailboxes"),
    # Where the published specification says otherwise than the sandbox does.
    ("send * v2", "header content-type", "the specification: answers of version 2 say so"),
    ("send first chunk", "header content-type", "the specification: version 2 says so"),
    ("send same local", "header content-type", "the specification: version 2 says so"),
    ("count v2", "header content-type", "the specification: version 2 says so"),
    ("endpointlookup* v2", "header content-type", "the specification: version 2 says so"),
    ("workflowsearch* v2", "header content-type", "the specification: version 2 says so"),
    ("track* v2", "body.status_timestamp", "the specification has it; the sandbox leaves it out"),
    ("send chunk 1 as* v2", "*", "version 2 has no body; the sandbox says null"),
    ("send chunk 2 as 2:3 v2", "*", "version 2 has no body; the sandbox says null"),
    ("send last chunk", "*", "version 2 has no body; the sandbox says null"),
    ("send chunk 4 as 4:4*", "*", "an error in the form of errors; the sandbox breaks down"),
    ("send chunk of single*", "*", "an error in the form of errors; the sandbox breaks down"),
    ("send chunk too late*", "*", "an error in the form of errors; the sandbox breaks down"),
    ("download acknowledged*", "*", "the specification: it cannot be downloaded again"),
    ("download uploading*", "*", "what is not all there does not exist yet, for its receiver"),
    ("HEAD of another*", "*", "only its receiver learns about a message"),
    # Security that the sandbox does without.
    ("other scheme*", "*", "what is no token cannot be read, whoever it names"),
    ("old token*", "*", "the specification: the time is within two hours of ours"),
    ("token used twice", "*", "the specification: a token is good for one request"),
    ("send workflow not theirs*", "*", "workflows say who may get them"),
    ("send chunk 1:100000*", "*", "a message has 20,000 chunks at most: 100 GB of 5 MB each"),
    # Downloads.
    ("*", "header last-modified", "HTTP dates end in GMT, not UTC"),
    ("*", "header etag", "the specification shows one; the sandbox has none"),
    ("download* v2", "header content-type", "the sender's media type as it was given"),
    ("download report*", "header content-type", "what has nothing in it has a media type too"),
    ("head*", "header content-*", "HEAD has the headers of GET, as HTTP says"),
    # Smaller things.
    ("accept application/vnd.mesh.v2+json, */*", "*", "HTTP: a list of media types is no mistake"),
    ("endpointlookup/x26*", "body*", "ODS codes are the same in any case"),
    ("inbox rich", "body.messages.*", "oldest first, as the inbox is"),
    ("track uploading v1", "body.fileSize", "what is there so far; the sandbox counts at the end"),
    ("track error*", "body.*", "the exchange takes the message back, in words of its own"),
    ("admin * wrong", "body.body*", "what was wrong is not repeated"),
    ("admin * wrong", "body.detail*.input*", "what was wrong is not repeated"),
]


class Side:
    """One of the two servers, and the ids that it gave to the messages of the steps."""

    def __init__(self, base):
        self.base = base
        self.ids = {}
        self.session = requests.Session()
        self.session.headers.clear()

    def ask(self, step):
        path = step["path"].format(**self.ids)
        headers = dict(step["headers"])
        if ACCEPT.get(step["version"], step["version"]):
            headers["Accept"] = ACCEPT.get(step["version"], step["version"])
        if step["token"] == "fresh":
            headers["Authorization"] = token(step["mailbox"])
        elif step["token"]:
            headers["Authorization"] = step["token"]
        body = step["body"]
        if isinstance(body, dict):
            filled = {name: value.format(**self.ids) for name, value in body.items()}
            body = json.dumps(filled).encode()
            headers["Content-Type"] = "application/json"
        encoded = {name: value.encode("latin-1") for name, value in headers.items()}
        url = f"{self.base}{path}"
        answer = self.session.request(step["method"], url, headers=encoded, data=body, timeout=60)
        if step["save"]:
            said = answer.json()
            self.ids[step["save"]] = said.get("message_id") or said["messageID"]
        return self.told(answer)

    def told(self, answer):
        """An answer as fields that can be compared."""
        fields = {"status": answer.status_code}
        for name, value in answer.headers.items():
            if name.lower() not in UNCOMPARED:
                fields[f"header {name.lower()}"] = self.masked(value)
        if "json" in answer.headers.get("content-type", "") and answer.content:
            flatten("body", answer.json(), fields)
            fields = {
                name: "<masked>" if name.split(".")[-1] in MASKED else self.masked(value)
                for name, value in fields.items()
            }
        else:
            fields["bytes"] = answer.content
        return fields

    def masked(self, value):
        if not isinstance(value, str):
            return value
        for name, real in self.ids.items():
            value = value.replace(real, f"<{name}>")
        value = re.sub(r"\b(\d{20}_[0-9A-F]{6}|[0-9A-F]{32})\b", "<id>", value)
        value = re.sub(r"continue_from=[^&]+", "continue_from=<place>", value)
        value = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+", "<instant>", value)
        value = re.sub(r"start_time=[^&]+", "start_time=<instant>", value)
        value = re.sub(r"\b20\d{12}\b", "<digits>", value)
        return re.sub(r"\w{3}, \d\d \w{3} \d{4} [\d:]{8}", "<date>", value)


def flatten(path, value, fields):
    if isinstance(value, dict):
        for name, one in value.items():
            flatten(f"{path}.{name}", one, fields)
    elif isinstance(value, list):
        fields[f"{path}.length"] = len(value)
        for at, one in enumerate(value):
            flatten(f"{path}.{at}", one, fields)
    else:
        fields[path] = value


STEPS = []


def step(name, method, path, mailbox="X26ABC1", version=2, token="fresh", save=None, body=None,
         **headers):
    STEPS.append({
        "name": name,
        "method": method,
        "path": path,
        "mailbox": mailbox,
        "version": version,
        "token": token,
        "save": save,
        "body": body,
        "headers": {name.replace("_", "-"): value for name, value in headers.items()},
    })


def both(name, *words, **options):
    for version in (1, 2):
        step(f"{name} v{version}", *words, version=version, **options)


def letter(**headers):
    return {"Mex_To": "X26ABC2", "Mex_WorkflowID": "TEST_WORKFLOW", **headers}


def ours(mailbox, path):
    return f"{API}/{mailbox}{path}"


def handshakes():
    client = {"mex_ClientVersion": "1", "mex_OSName": "x", "mex_OSVersion": "2"}
    both("handshake", "POST", ours("X26ABC1", ""), **client)
    both("validate", "GET", ours("X26ABC1", ""), **client)
    both("handshake without headers", "POST", ours("X26ABC1", ""))
    both("lower-case path", "POST", ours("x26abc1", ""), **client)
    both("update", "POST", ours("X26ABC1", "/update"))
    for path in ("/_ping", "/deepping"):
        step(f"ping {path}", "GET", API + path, token=None)


def tokens():
    inbox = ours("X26ABC1", "/inbox")
    both("no token", "GET", inbox, token=None)
    both("other scheme", "GET", inbox, token="Bearer x")
    both("torn token", "GET", inbox, token="NHSMESH X26ABC1:a")
    both("token of another", "GET", inbox, token="fresh", mailbox="X26ABC2")
    both("token in lower case", "GET", inbox, token="fresh", mailbox="x26abc1")
    both("wrong password", "GET", inbox, token=token("X26ABC1", password="guess"))
    both("old token", "GET", inbox, token=token("X26ABC1", time_text="202001010000"))
    both("unknown mailbox", "GET", ours("NOBODY", "/inbox"), mailbox="NOBODY")
    spent = token("X26ABC1")
    step("token used once", "GET", inbox, token=spent)
    step("token used twice", "GET", inbox, token=spent)


def versions():
    for accept in ("*/*", "application/json", "application/vnd.mesh.v1+json", "text/plain",
                   "application/vnd.mesh.v3+json", "application/vnd.mesh.vx+json",
                   "application/vnd.mesh+json", "application/vnd.mesh.v2+json, */*"):
        step(f"accept {accept}", "GET", ours("X26ABC1", "/inbox"), version=accept)
    both("unknown path", "GET", ours("X26ABC1", "/nothing"), token=None)
    both("unknown method", "DELETE", ours("X26ABC1", "/inbox"))


def sending():
    outbox = ours("X26ABC1", "/outbox")
    whole = letter(
        Mex_LocalID="mine-1", Mex_Subject="A caf\xe9", Mex_FileName="letter.txt",
        Mex_PartnerID="P1", Mex_Content_Encrypted="Y", Mex_Content_Compressed="Y",
        Mex_Content_Checksum="MD5 ab:12", Mex_Content_Type="text/csv",
        Content_Type="application/octet-stream",
    )
    step("send whole v2", "POST", outbox, save="whole", body=b"hello", **whole)
    step("send bare v1", "POST", outbox, version=1, save="bare", body=b"hello again", **letter())
    packed = gzip.compress(b"hello hello hello", mtime=0)
    step("send packed v2", "POST", outbox, save="packed", body=packed,
         **letter(Content_Encoding="gzip", Content_Type="text/csv"))
    both("send without to", "POST", outbox, body=b"x", Mex_WorkflowID="TEST_WORKFLOW")
    both("send without workflow", "POST", outbox, body=b"x", Mex_To="X26ABC2")
    both("send without anything", "POST", outbox, body=b"x")
    wrong = {
        "empty to": letter(Mex_To=""),
        "unknown to": letter(Mex_To="NOBODY"),
        "url as to": letter(Mex_To="https://x.example"),
        "url as workflow": letter(Mex_WorkflowID="https://x.example"),
        "url as checksum": letter(Mex_Content_Checksum="https://x.example"),
        "other checksum": letter(Mex_Content_Checksum="a_b"),
        "tab in subject": letter(Mex_Subject="a\tb"),
        "long headers": letter(
            Mex_To="T" * 101, Mex_Chunk_Range="1" * 21, Mex_Subject="s" * 501,
            Mex_LocalID="l" * 301, Mex_PartnerID="p" * 501, Mex_FileName="f" * 301,
            Mex_Content_Checksum="c" * 101, Mex_Content_Type="t" * 101,
        ),
        "long workflow": letter(Mex_WorkflowID="w" * 301),
        "deflate": letter(Content_Encoding="deflate"),
        "chunk 2:2": letter(Mex_Chunk_Range="2:2"),
        "chunk 0:1": letter(Mex_Chunk_Range="0:1"),
        "chunk 1:0": letter(Mex_Chunk_Range="1:0"),
        "chunk x": letter(Mex_Chunk_Range="x"),
    }
    for name, headers in wrong.items():
        both(f"send {name}", "POST", outbox, body=b"x", **headers)
    both("send nothing", "POST", outbox, body=b"", **letter())


def inboxes():
    for query in ("", "?max_results=10", "?workflow_filter=TEST*", "?workflow_filter=!TEST*",
                  "?workflow_filter=*_ACK*&max_results=10"):
        both(f"inbox {query}", "GET", ours("X26ABC2", f"/inbox{query}"), mailbox="X26ABC2")
    for query in ("max_results=9", "max_results=5001", "max_results=x", "continue_from=abc",
                  "workflow_filter=X", f"workflow_filter={'x' * 256}",
                  "max_results=9&continue_from=a"):
        both(f"inbox wrong {query[:30]}", "GET", ours("X26ABC2", f"/inbox?{query}"),
             mailbox="X26ABC2")
    both("count", "GET", ours("X26ABC2", "/count"), mailbox="X26ABC2")
    step("inbox rich", "GET", ours("X26ABC2", "/inbox/rich"), mailbox="X26ABC2")
    step("outbox rich", "GET", ours("X26ABC1", "/outbox/rich?max_results=10"))
    step("outbox rich later", "GET", ours("X26ABC1", "/outbox/rich?start_time=2050-01-01T00:00:00"))


def downloads():
    for message in ("whole", "bare", "packed"):
        path = ours("X26ABC2", f"/inbox/{{{message}}}")
        for accept in ("identity", "gzip", "deflate, gzip;q=0.5"):
            both(f"download {message} {accept}", "GET", path, mailbox="X26ABC2",
                 Accept_Encoding=accept)
        both(f"head {message}", "HEAD", path, mailbox="X26ABC2", Accept_Encoding="identity")
        both(f"download {message}/1", "GET", f"{path}/1", mailbox="X26ABC2",
             Accept_Encoding="identity")
        both(f"download {message}/2", "GET", f"{path}/2", mailbox="X26ABC2")
    both("download chunk 0", "GET", ours("X26ABC2", "/inbox/{whole}/0"), mailbox="X26ABC2")
    both("download chunk x", "GET", ours("X26ABC2", "/inbox/{whole}/x"), mailbox="X26ABC2")
    for method, path in (("GET", ""), ("HEAD", ""), ("PUT", "/status/acknowledged")):
        both(f"{method} unknown", method, ours("X26ABC2", f"/inbox/nothing{path}"),
             mailbox="X26ABC2")
        both(f"{method} of another", method, ours("X26ABC1", f"/inbox/{{whole}}{path}"))


def tracking():
    tracking = "/outbox/tracking"
    for message in ("whole", "bare", "packed"):
        both(f"track {message}", "GET", ours("X26ABC1", f"{tracking}?messageID={{{message}}}"))
    both("track local", "GET", ours("X26ABC1", f"{tracking}/mine-1"))
    both("track nothing", "GET", ours("X26ABC1", tracking))
    both("track unknown", "GET", ours("X26ABC1", f"{tracking}?messageID=nothing"))
    both("track unknown local", "GET", ours("X26ABC1", f"{tracking}/nothing"))
    both("track of another", "GET", ours("X26ABC2", f"{tracking}?messageID={{whole}}"),
         mailbox="X26ABC2")
    acknowledge = ours("X26ABC2", "/inbox/{whole}/status/acknowledged")
    both("acknowledge", "PUT", acknowledge, mailbox="X26ABC2")
    both("track acknowledged", "GET", ours("X26ABC1", f"{tracking}?messageID={{whole}}"))
    both("download acknowledged", "GET", ours("X26ABC2", "/inbox/{whole}"), mailbox="X26ABC2")
    step("send same local", "POST", ours("X26ABC1", "/outbox"), body=b"x",
         **letter(Mex_LocalID="mine-1"))
    both("track same local", "GET", ours("X26ABC1", f"{tracking}/mine-1"))


def chunks():
    outbox = ours("X26ABC1", "/outbox")
    step("send first chunk", "POST", outbox, save="chunked", body=b"one",
         **letter(Mex_Chunk_Range="1:3"))
    both("track uploading", "GET", ours("X26ABC1", "/outbox/tracking?messageID={chunked}"))
    both("download uploading", "GET", ours("X26ABC2", "/inbox/{chunked}"), mailbox="X26ABC2")
    for path, given in (("2", "2:3"), ("2", None), ("2", "3:3"), ("2", "bad"), ("2", "2" * 21),
                        ("4", "4:3"), ("4", "4:4"), ("0", "0:3"), ("x", "2:3"), ("1", "1:3")):
        headers = {"Mex_Chunk_Range": given} if given else {}
        both(f"send chunk {path} as {given}", "POST", f"{outbox}/{{chunked}}/{path}", body=b"two",
             **headers)
    both("send chunk packed", "POST", f"{outbox}/{{chunked}}/2", body=b"two",
         Mex_Chunk_Range="2:3", Content_Encoding="gzip")
    both("send chunk of another", "POST", ours("X26ABC2", "/outbox/{chunked}/2"), body=b"two",
         mailbox="X26ABC2", Mex_Chunk_Range="2:3")
    both("send chunk of nothing", "POST", f"{outbox}/nothing/2", body=b"two",
         Mex_Chunk_Range="2:3")
    both("send chunk of single", "POST", f"{outbox}/{{bare}}/2", body=b"two",
         Mex_Chunk_Range="2:2")
    step("send last chunk", "POST", f"{outbox}/{{chunked}}/3", body=b"three",
         Mex_Chunk_Range="3:3")
    both("send chunk too late", "POST", f"{outbox}/{{chunked}}/2", body=b"two",
         Mex_Chunk_Range="2:3")
    for path in ("", "/1", "/2", "/3", "/4"):
        both(f"download chunk{path}", "GET", ours("X26ABC2", f"/inbox/{{chunked}}{path}"),
             mailbox="X26ABC2", Accept_Encoding="gzip")
    both("track chunked", "GET", ours("X26ABC1", "/outbox/tracking?messageID={chunked}"))


def lookups():
    for path in ("endpointlookup/X26/TEST_WORKFLOW", "endpointlookup/X26/TEST_WORKFLOW2",
                 "endpointlookup/x26/TEST_WORKFLOW", "endpointlookup/X26/NOTHING",
                 "endpointlookup/NOBODY/TEST_WORKFLOW", "workflowsearch/TEST_WORKFLOW2",
                 "workflowsearch/NOTHING"):
        both(path, "GET", f"{API}/{path}", token=None)


def verbs():
    report = {
        "mailbox_id": "X26ABC1", "code": "14", "workflow_id": "TEST_WORKFLOW", "subject": "s",
        "description": "Message not collected by recipient after 5 days", "local_id": "l",
        "linked_message_id": "{bare}",
    }
    step("admin report", "POST", f"{API}/admin/report", token=None, save="report", body=report)
    both("download report", "GET", ours("X26ABC1", "/inbox/{report}"))
    both("head report", "HEAD", ours("X26ABC1", "/inbox/{report}"))
    step("admin report wrong", "POST", f"{API}/admin/report", token=None,
         body={"mailbox_id": "X26ABC1"})
    step("admin report unknown", "POST", f"{API}/admin/report", token=None,
         body={**report, "mailbox_id": "NOBODY"})
    for base in ("", API):
        step(f"{base}/admin/mailbox", "GET", f"{base}/admin/mailbox/X26ABC1", token=None)
        step(f"{base}/admin/mailbox unknown", "GET", f"{base}/admin/mailbox/NOBODY", token=None)
        step(f"{base}/admin/message", "GET", f"{base}/admin/message/{{bare}}", token=None)
        step(f"{base}/admin/message unknown", "GET", f"{base}/admin/message/nothing", token=None)
    step("admin event", "POST", "/admin/message/{bare}/event", token=None,
         body={"status": "error", "code": "21", "event": "e", "description": "d"})
    step("admin event wrong", "POST", "/admin/message/{bare}/event", token=None,
         body={"code": "21"})
    both("track error", "GET", ours("X26ABC1", "/outbox/tracking?messageID={bare}"))
    step("admin reset one", "DELETE", "/admin/reset/X26ABC2", token=None)
    step("inbox after reset", "GET", ours("X26ABC2", "/inbox"), mailbox="X26ABC2")
    step("admin reset unknown", "DELETE", f"{API}/admin/reset/NOBODY", token=None)
    for base in ("", API):
        step(f"{base}/admin/reset", "DELETE", f"{base}/admin/reset", token=None)


def laxer():
    """What the sandbox takes and we do not; last, since it leaves messages behind there."""
    outbox = ours("X26ABC1", "/outbox")
    both("send chunk 1:100000", "POST", outbox, body=b"x", **letter(Mex_Chunk_Range="1:100000"))
    both("send workflow not theirs", "POST", outbox, body=b"x", **letter(Mex_To="X26ABC3"))


def differences(theirs, ours):
    for field in sorted(theirs.keys() | ours.keys()):
        there, here = theirs.get(field), ours.get(field)
        if there != here:
            yield field, there, here


def compare(theirs, ours):
    unexplained, used = [], set()
    for one in STEPS:
        for field, there, here in differences(theirs.ask(one), ours.ask(one)):
            line = f"{one['name']}: {field}: sandbox {there!r}, exchange {here!r}"
            known = [
                at for at, (name, pattern, _) in enumerate(DIFFERENCES)
                if fnmatch.fnmatchcase(one["name"], name) and fnmatch.fnmatchcase(field, pattern)
            ]
            used.update(known)
            if not known:
                unexplained.append(line)
    return unexplained, used


def main():
    for area in (handshakes, tokens, versions, sending, inboxes, downloads, tracking, chunks,
                 lookups, verbs, laxer):
        area()
    with exchange(sys.argv[1]) as (here, _), sandbox() as there:
        unexplained, used = compare(Side(there), Side(here))

    def no_difference_without_a_reason():
        assert not unexplained, f"{len(unexplained)}:\n" + "\n".join(unexplained)

    def no_reason_without_a_difference():
        stale = [row for at, row in enumerate(DIFFERENCES) if at not in used]
        assert not stale, "\n".join(map(str, stale))

    def enough_was_compared():
        assert len(STEPS) > 250, len(STEPS)

    return run("mesh-sandbox", [
        enough_was_compared,
        no_difference_without_a_reason,
        no_reason_without_a_difference,
    ])


if __name__ == "__main__":
    sys.exit(main())
