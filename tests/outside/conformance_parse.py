"""Files of recorded messages, which a tester brings, are parsed or refused as their names say.

A name with one of REFUSED in it is a message that nobody can work on: it gets the SOAP fault 201.
Any other message is taken on. What a party answers decides what becomes of a message that was sent
there.
"""

import subprocess
import tempfile
import time
from pathlib import Path

import requests

import conformance_words as words

REFUSED = ["invalid", "no_header", "no_payload", "defect", "empty"]
RELATED = (
    'multipart/related; boundary="--=_MIME-Boundary"; type=text/xml; start=ebXMLHeader@spine.nhs.uk'
)
# The parties and the contract that the recorded messages speak of.
TO, CPA, ACTION = "A91424-9199121", "S1001A1630", (words.PSIS, "MCCI_IN010000UK13")
# A message to a party of a name that no directory could have: it is parsed, and told so.
ELSEWHERE = "multibyte"
# What a file says that is an answer: its status, and what becomes of the message.
ANSWERS = {
    "ebxml_response_error_empty.xml": (200, "sent"),
    "ebxml_response_error_single.xml": (200, "refused"),
    "ebxml_response_error_multiple.xml": (200, "refused"),
    "soapfault_response_empty.xml": (500, "waiting"),
    "soapfault_response_single_error.xml": (500, "waiting"),
    "soapfault_response_single_error_206.xml": (500, "waiting"),
    "soapfault_response_single_error_208.xml": (500, "waiting"),
    "soapfault_response_single_error_300.xml": (500, "refused"),
    "soapfault_response_multiple_errors.xml": (500, "waiting"),
}
SECONDS_MAX = 60


def is_refused(name):
    return any(word in name for word in REFUSED)


def faulted(got):
    return got.status_code == 500 and "<nasp:errorCode>201<" in got.text


def message(path):
    """The body of a file, under an id of its own: the files were made from one message."""
    header = path.with_suffix(".ebxml")
    body = path.read_bytes()
    if header.exists():
        body = body.replace(b"{{ebxml}}", header.read_bytes())
    given = b"<eb:MessageId>C614484E-4B10-499A-9ACD-5D645CFACF61<"
    return body.replace(given, f"<eb:MessageId>{path.stem}<".encode())


def taken(base, path):
    """Whether the exchange does with a message what its name says."""
    headers = {"Content-Type": RELATED}
    url = base + "/reliablemessaging/reliablerequest"
    got = requests.post(url, data=message(path), headers=headers, timeout=30)
    if is_refused(path.name):
        return faulted(got), f"{got.status_code} {got.text[-300:]}"
    said = f"{got.status_code} {got.text[-300:]}"
    if ELSEWHERE in path.name:
        return got.status_code == 200 and "402004:To party not found" in got.text, said
    return got.status_code == 202 and "Acknowledgment" in got.text, said


def header_alone(base, path):
    """The same for a header that is a file of its own: a payload is put to it."""
    payload = f'<{ACTION[1]} xmlns="urn:hl7-org:v3"/>'
    header = (
        path.read_text()
        .split("?>", 1)[-1]
        .replace(
            "<eb:MessageId>C614484E-4B10-499A-9ACD-5D645CFACF61<", f"<eb:MessageId>{path.stem}<"
        )
    )
    header = header.replace("cid:C614484E-4B10-499A-9ACD-5D645CFACF61@spine.nhs.uk", "cid:payload")
    headers = {"Content-Type": words.RELATED}
    url = base + "/reliablemessaging/reliablerequest"
    got = requests.post(
        url, data=words.related(header, payload).encode(), headers=headers, timeout=30
    )
    if is_refused(path.name):
        return faulted(got), f"{got.status_code} {got.text[-300:]}"
    return got.status_code == 202, f"{got.status_code} {got.text[-300:]}"


def question(base, path):
    got = requests.post(
        base + "/sync-service",
        data=path.read_bytes(),
        headers={"Content-Type": "text/xml"},
        timeout=30,
    )
    return got.status_code == 500 and ":Fault" in got.text, f"{got.status_code} {got.text[-300:]}"


def answered(base, path, recorder):
    """What becomes of a message whose receiver answers with a file."""
    status, expected = ANSWERS[path.name]
    recorder.onward[path.stem] = (status, "text/xml", path.read_bytes())
    to, state = f"FILE-{path.stem}".replace("_", "-"), None
    kind, body = words.package(words.ASKER, to, f"S-{path.stem}", words.REQUEST, path.stem)
    url = base + "/reliablemessaging/forwardreliable"
    got = requests.post(url, data=body, headers={"Content-Type": kind}, timeout=30)
    assert got.status_code == 202, got.text
    until = time.monotonic() + SECONDS_MAX
    while state in (None, "ready", "leased") and time.monotonic() < until:
        time.sleep(0.1)
        state = state_of(base, path.stem)
    return state == expected, f"{state}, not {expected}"


def state_of(base, conversation):
    got = requests.get(f"{base}/messages/conversations/{conversation}", timeout=30).json()
    rows = [row for row in got["messages"] if row.get("local_id") == conversation]
    return rows[0]["deliveries"][0]["state"] if rows else None


def parties(recorder, files):
    organisation = '[[organisation]]\nods = "Y12345"\nname = "Surgery"\nkind = "gp-practice"'
    rows = [
        organisation,
        words.party(
            TO, "Y12345", recorder + "/quiet", [(CPA, "async-reliable", [":".join(ACTION)])]
        ),
    ]
    slow = "PT10M"
    for path in files:
        key, address = f"FILE-{path.stem}".replace("_", "-"), f"{recorder}/{path.stem}"
        contract = (f"S-{path.stem}", "forward-reliable", [":".join(words.REQUEST)])
        row = words.party(key, "Y12345", address, [contract])
        rows.append(row.replace("PT1S", slow).replace("PT1M", "PT20M"))
    return "\n".join(rows)


def parsed(binary, folder):
    """How many files are parsed or refused as their names say, and how many are not."""
    from conformance import Recorder

    recorder, good, bad = Recorder(), 0, 0
    files = sorted(path for path in Path(folder).iterdir() if path.suffix in (".msg", ".xml"))
    assert files, f"{folder}: there are no messages"
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch, "parties.toml")
        file.write_text(parties(recorder.url, [path for path in files if path.name in ANSWERS]))
        command = [binary, "serve", "--open", "--listen", "127.0.0.1:0"]
        command += ["--data", f"{scratch}/data", "--apply", str(file)]
        log = open(f"{scratch}/log", "w")
        exchange = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            line = exchange.stdout.readline().split()
            assert line[:1] == ["ready"], Path(scratch, "log").read_text()
            base = line[1]
            for path in files:
                if path.name in ANSWERS:
                    well, said = answered(base, path, recorder)
                elif path.name.startswith("soap_"):
                    well, said = question(base, path)
                elif path.suffix == ".xml":
                    well, said = header_alone(base, path)
                else:
                    well, said = taken(base, path)
                good, bad = good + well, bad + (not well)
                if not well:
                    print(f"FAILED  parse {path.name}: {said}")
        finally:
            exchange.terminate()
            exchange.wait()
    print(f"{good} of {good + bad} files parsed or refused as their names say")
    return good, bad
