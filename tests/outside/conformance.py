"""Everything that the exchange and the local systems emit in ebXML, SOAP and HL7 V3 is valid
against schemas that a tester brings, by lxml from PyPI; and files of recorded messages are parsed
or refused as their names say.

It starts exchanges of its own. The schemas are msg-header-2_0.xsd with what it imports, and for
HL7 V3 any file that is called like the interaction, such as QUPA_IN000007UK01.xsd: what has none
is counted.

Usage: conformance.py BINARY --schemas DIR [--parse DIR]
"""

import argparse
import copy
import json
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import requests
from lxml import etree

import conformance_parse
import conformance_words as words

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
EBXML = "http://www.oasis-open.org/committees/ebxml-msg/schema/msg-header-2_0.xsd"
V3 = "urn:hl7-org:v3"
HREF = "{http://www.w3.org/1999/xlink}href"
SECONDS_MAX = 60
STORIES = [
    [],
    ["--unhappy", "patient-unknown"],
    ["--unhappy", "recipient-refuses"],
    ["--unhappy", "duplicate"],
    ["--unhappy", "record-too-large"],
    ["--size", "12M"],
]


class Recorder:
    """Stands before message handlers: keeps what comes and what is answered, and passes it on."""

    def __init__(self):
        self.heard, self.onward = [], {}
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                kind = self.headers["Content-Type"]
                name = self.path.strip("/")
                recorder.heard.append((f"to {name}", kind, body))
                status, kind, said = recorder.answer(name, kind, body, self.headers)
                recorder.heard.append((f"answer of {name}", kind, said))
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, name, kind, body, headers):
        where = self.onward.get(name)
        if where is None:
            return 202, "text/xml", b""
        if isinstance(where, tuple):
            return where
        passed = {"Content-Type": kind, "SOAPAction": headers.get("SOAPAction", "")}
        got = requests.post(where, data=body, headers=passed, timeout=SECONDS_MAX)
        return got.status_code, got.headers.get("Content-Type", "text/xml"), got.content


class Exchange:
    """A demonstration, with its local systems, and certificates for those who call."""

    def __init__(self, binary, folder):
        self.binary, self.data = binary, f"{folder}/data"
        command = [binary, "serve", "--demo", "--people", "50"]
        command += ["--listen", "127.0.0.1:0", "--data", self.data]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=open(f"{folder}/log", "w"), text=True
        )
        line = self.process.stdout.readline().split()
        assert line[:1] == ["ready"], f"it did not become ready: {line}"
        self.base = line[1]
        self.credentials = json.loads(Path(self.data, "demo/credentials.json").read_text())
        self.secure = self.credentials["tls_base_url"]

    def run(self, *arguments):
        """What a command says, and whether it ended well."""
        command = [self.binary, *arguments, "--data", self.data]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        return done.returncode == 0, done.stdout + done.stderr

    def post(self, path, body, kind="text/xml", system=None):
        """The answer to a POST over TLS, with the certificate of a system."""
        papers = [row for row in self.credentials["certificates"] if row["name"] == system]
        cert = (papers[0]["certificate_file"], papers[0]["key_file"]) if papers else None
        authority = self.credentials["certificates"][0]["authority_file"]
        headers = {"Content-Type": kind}
        return requests.post(
            self.secure + path, data=body, headers=headers, cert=cert, verify=authority, timeout=30
        )

    def stop(self):
        self.process.terminate()
        assert self.process.wait(SECONDS_MAX) == 0


class Judge:
    """Validates what was heard, and counts."""

    def __init__(self, schemas):
        folder = Path(schemas)
        self.header = etree.XMLSchema(self.both(folder))
        files = [path for path in folder.rglob("*.xsd") if "_IN" in path.name]
        self.v3 = {path.stem: etree.XMLSchema(etree.parse(str(path))) for path in files}
        self.seen, self.failed, self.without = {}, 0, {}
        self.ours, self.attached, self.caught = set(), 0, 0

    def both(self, folder):
        """One schema for an envelope and what stands in it."""
        header = folder / "msg-header-2_0.xsd"
        assert header.exists(), f"{header}: not there"
        text = f"""<schema xmlns="http://www.w3.org/2001/XMLSchema">
            <import namespace="{EBXML}" schemaLocation="{header.resolve().as_uri()}"/></schema>"""
        return etree.fromstring(text)

    def hear(self, where, kind, body):
        """Judges a body: an envelope alone, or one in parts with what travels beside it."""
        if not body.strip():
            return
        if not kind.lower().startswith("multipart/"):
            self.envelope(where, etree.fromstring(body))
            return
        message = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
        parts = [part.get_payload(decode=True) for part in message.get_payload()]
        envelope = etree.fromstring(parts[0])
        if envelope.findtext(f".//{{{EBXML}}}MessageId") in self.ours:
            return
        self.envelope(where, envelope)
        self.payload(where, etree.fromstring(parts[1]))
        self.attached += len(parts) - 2
        here = {f"cid:{part['Content-ID'].strip('<>')}" for part in message.get_payload()}
        for reference in envelope.iter(f"{{{EBXML}}}Reference"):
            href = reference.get(HREF)
            if href.startswith("cid:") and href not in here:
                self.failed += 1
                print(f"FAILED  {where}: {href} is not in the message")

    def envelope(self, where, envelope):
        content = envelope.find(f"{{{SOAP}}}Body")
        name = envelope.findtext(f".//{{{EBXML}}}Action")
        if name is None and len(content):
            name = etree.QName(content[0]).localname
        self.judged(
            "ebXML" if envelope.find(f".//{{{EBXML}}}MessageHeader") is not None else "SOAP",
            name,
            where,
            self.header,
            envelope,
        )
        for element in content:
            if etree.QName(element).namespace == V3:
                self.payload(where, element[0] if len(element) else element)

    def payload(self, where, root):
        name = etree.QName(root).localname
        schema = self.v3.get(name)
        if schema is None:
            self.without[name] = self.without.get(name, 0) + 1
            return
        self.judged("HL7 V3", name, where, schema, etree.fromstring(etree.tostring(root)))

    def judged(self, wire, name, where, schema, document):
        key = (wire, name)
        self.seen[key] = self.seen.get(key, 0) + 1
        if not schema.validate(document):
            self.failed += 1
            print(f"FAILED  {wire} {name} {where}: {schema.error_log.last_error}")
        elif self.seen[key] == 1 and schema is self.header:
            assert not schema.validate(spoiled(document)), f"{wire} {name}: nothing is refused"
            self.caught += 1

    def tell(self):
        for (wire, name), count in sorted(self.seen.items()):
            print(f"ok      {count:4} x {wire} {name}")
        for name, count in sorted(self.without.items()):
            print(f"NOTE    {count:4} x HL7 V3 {name}: no schema was brought")


def spoiled(envelope):
    """The same without what it must have: a trial that cannot fail would be none."""
    worse = copy.deepcopy(envelope)
    lost = worse.find(f".//{{{EBXML}}}MessageId")
    lost = worse.find(f"{{{SOAP}}}Body") if lost is None else lost
    lost.getparent().remove(lost)
    return worse


def told(parties, file):
    file.write_text("\n".join(parties))
    return str(file)


def acts(exchange, recorder, judge):
    """Makes the exchange and the local systems say all that they can say."""
    locals_ = {row["name"]: row for row in exchange.credentials["local_systems"]}
    for name in ("hill-road", "riverside"):
        recorder.onward[name] = locals_[name]["url"] + "/reliablemessaging/intermediary"
    refusal = words.message_error("REFUSED-1")
    recorder.onward["refuses"] = (200, "text/xml", refusal.encode())
    for story in STORIES:
        well, said = exchange.run("story", "transfer", *story)
        assert well, f"story transfer {story}: {said}"
    sends(exchange, judge)
    asks(exchange)


def sends(exchange, judge):
    """Messages of a tester, and the answers to them."""

    def send(path, system, to, cpa, action, party=words.ASKER, payload=None):
        message_id = str(uuid.uuid4()).upper()
        judge.ours.add(message_id)
        kind, body = words.package(party, to, cpa, action, message_id, payload)
        got = exchange.post(path, body, kind, system)
        judge.hear(f"answer at {path}", got.headers.get("Content-Type", ""), got.content)
        return got

    forward, request, query = (
        "/reliablemessaging/" + name
        for name in ("forwardreliable", "reliablerequest", "queryrequest")
    )
    system = "demo-system"
    assert send(request, system, words.SURE, "S-SURE", words.UPLOAD).status_code == 202
    assert send(forward, system, words.REFUSES, "S-REFUSES", words.REQUEST).status_code == 202
    assert send(forward, system, words.REFUSES, "S-NOBODY", words.REQUEST).status_code == 200
    assert send(forward, system, "NOBODY-1", "S-NOBODY", words.REQUEST).status_code == 200
    assert send(forward, system, words.REFUSES, "S-REFUSES", words.UPLOAD).status_code == 500
    assert send(forward, None, words.REFUSES, "S-REFUSES", words.REQUEST).status_code == 401
    assert send(forward, "riverside", words.REFUSES, "S-REFUSES", words.REQUEST).status_code == 403
    for person in (words.SMITH, words.NOBODY):
        question = words.question("QUPA_IN000006UK02", person)
        got = send(query, system, words.EXCHANGE, words.EXCHANGE_CPA, words.TRACE, payload=question)
        assert got.status_code == 202, got.text
    got = exchange.post(forward, b"hello", "text/xml", system)
    judge.hear("answer to rubbish", got.headers["Content-Type"], got.content)


def asks(exchange):
    """Questions over SOAP: their answers are kept with what the recorder heard."""
    for interaction, query, status in words.QUESTIONS:
        body = words.envelope(words.question(interaction, query))
        got = exchange.post("/sync-service", body.encode(), "text/xml", "demo-system")
        assert got.status_code == status, f"{interaction}: {got.status_code} {got.text}"
        exchange.heard.append((f"answer to {interaction}", "text/xml", got.content))
    for body, system in ((b"<a>", "demo-system"), (b"<a/>", None)):
        got = exchange.post("/sync-service", body, "text/xml", system)
        exchange.heard.append(("answer to rubbish", "text/xml", got.content))


def emitted(binary, schemas):
    """How many of the emitted documents are not valid."""
    judge, recorder = Judge(schemas), Recorder()
    with tempfile.TemporaryDirectory() as folder:
        exchange = Exchange(binary, folder)
        exchange.heard = recorder.heard
        file = Path(folder, "recorded.toml")
        well, said = exchange.run("apply", told(words.parties(recorder.url), file))
        assert well, said
        acts(exchange, recorder, judge)
        wanted = {"QUPA_IN000011UK02", "QUQI_IN010000UK14", "DeliveryFailure", "Acknowledgment"}
        wanted |= {"COPC_IN000001UK01"}
        until = time.monotonic() + SECONDS_MAX
        while time.monotonic() < until:
            everything = b"".join(body for _, _, body in recorder.heard).decode("utf8", "replace")
            if all(word in everything for word in wanted):
                break
            time.sleep(0.2)
        else:
            raise AssertionError(f"not all of {wanted} came")
        exchange.stop()
    for where, kind, body in recorder.heard:
        if body != words.message_error("REFUSED-1").encode():
            judge.hear(where, kind, body)
    judge.tell()
    total = sum(judge.seen.values())
    assert total, "nothing was emitted"
    assert judge.attached, "no message had an attachment"
    print(f"{judge.attached} attachments; {judge.caught} kinds were refused once spoiled")
    print(
        f"{total - judge.failed} documents valid, {judge.failed} invalid, "
        f"{sum(judge.without.values())} payloads without a schema"
    )
    return total - judge.failed, judge.failed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--schemas", required=True)
    parser.add_argument("--parse")
    told_to = parser.parse_args()
    good, bad = emitted(told_to.binary, told_to.schemas)
    if told_to.parse:
        parsed, not_parsed = conformance_parse.parsed(told_to.binary, told_to.parse)
        good, bad = good + parsed, bad + not_parsed
    print(f"{good} passed, {bad} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
