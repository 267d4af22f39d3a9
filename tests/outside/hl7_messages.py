"""Strangers' HL7 version 2, python-hl7 and hl7apy from PyPI: they send, receive and judge.

It starts an exchange of its own, since the receivers must be in its directory.

Usage: hl7_messages.py BINARY
"""

import asyncio
import datetime
import json
import os
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from pathlib import Path

import hl7
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hl7.client import MLLPClient
from hl7.mllp import open_hl7_connection, start_hl7_server
from hl7apy.consts import VALIDATION_LEVEL
from hl7apy.mllp import AbstractHandler, MLLPServer
from hl7apy.parser import parse_message

from house import run

NAMES = {
    "Y99901": "North Hospital",
    "Y99902": "Ward",
    "Y99903": "Clinic",
    "Y99904": "Laboratory",
    "Y99905": "Theatre",
}
# Who has the last word on a message, after the acknowledgement that it arrived.
LAST_WORD = {code: "true" if code == "Y99905" else "false" for code in NAMES}
SECONDS_MAX = 60
MANY = 300
VERSIONS = ["2.3", "2.3.1", "2.4", "2.5", "2.5.1", "2.6", "2.7"]
# hl7apy looks for a structure called ACK_A01 in versions whose MSH-9 names none.
NOT_JUDGED = ["2.3", "2.3.1"]


class Papers:
    """An authority, and certificates of it in a folder: `ca.pem`, `NAME.pem` and `NAME-key.pem`."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "authority")])
        constraints = x509.BasicConstraints(ca=True, path_length=None)
        certificate = self.begun(self.name, self.key).add_extension(constraints, critical=True)
        self.write("ca.pem", certificate.sign(self.key, hashes.SHA256()))

    def begun(self, subject, key):
        now = datetime.datetime.now(datetime.timezone.utc)
        day = datetime.timedelta(days=1)
        builder = x509.CertificateBuilder(self.name, subject, key.public_key())
        builder = builder.serial_number(x509.random_serial_number())
        return builder.not_valid_before(now - day).not_valid_after(now + day)

    def issue(self, name):
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        names = x509.SubjectAlternativeName([x509.DNSName(name), x509.DNSName("localhost")])
        certificate = self.begun(subject, key).add_extension(names, critical=False)
        self.write(f"{name}.pem", certificate.sign(self.key, hashes.SHA256()))
        secret = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        (self.folder / f"{name}-key.pem").write_bytes(secret)

    def write(self, file, certificate):
        (self.folder / file).write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def context(self, name, serves):
        """TLS as somebody speaks it, who shows a certificate and asks for one."""
        side = ssl.PROTOCOL_TLS_SERVER if serves else ssl.PROTOCOL_TLS_CLIENT
        context = ssl.SSLContext(side)
        context.load_verify_locations(self.folder / "ca.pem")
        context.verify_mode = ssl.CERT_REQUIRED
        if name:
            context.load_cert_chain(self.folder / f"{name}.pem", self.folder / f"{name}-key.pem")
        return context


class Ward:
    """A receiver made of python-hl7: many messages on a connection, answered as it is told."""

    def __init__(self, tls=None):
        self.got, self.connections, self.code = [], 0, "AA"
        self.tls, self.callers = tls, set()
        self.loop = asyncio.new_event_loop()
        self.port = self.loop.run_until_complete(self.open())
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    async def open(self):
        server = await start_hl7_server(
            self.serve, "127.0.0.1", 0, encoding="utf-8", ssl=self.tls
        )
        return server.sockets[0].getsockname()[1]

    async def serve(self, reader, writer):
        self.connections += 1
        shown = writer.get_extra_info("peercert")
        if shown:
            self.callers.add(dict(part for [part] in shown["subject"])["commonName"])
        try:
            while True:
                message = await reader.readmessage()
                self.got.append(str(message))
                writer.writemessage(message.create_ack(ack_code=self.code))
                await writer.drain()
        except asyncio.IncompleteReadError:
            writer.close()


class Clinic(AbstractHandler):
    """A receiver made of hl7apy, which hangs up after every message."""

    got = []

    def reply(self):
        Clinic.got.append(self.incoming_message)
        header = parse_message(self.incoming_message).msh
        control_id = header.msh_10.to_er7()
        return (
            "\x0bMSH|^~\\&|CLINIC|Y99903|PAS|Y99901|20261123||ACK^A01^ACK|"
            f"C{control_id}|T|2.5\rMSA|AA|{control_id}\r\x1c\r"
        )


def directory(lines):
    """North Hospital, a system of it that comes by certificate, and receivers by their URLs."""
    text = "".join(
        f'[[organisation]]\nods = "{code}"\nname = "{name}"\nkind = "nhs-trust"\n'
        for code, name in NAMES.items()
    )
    text += '[[system]]\nasid = "200000099901"\norganisation = "Y99901"\nname = "PAS"\n'
    text += '[[certificate]]\ncommon_name = "pas"\nsystem = "200000099901"\n'
    for code, url in lines.items():
        text += f'[[endpoint]]\nname = "{code}"\norganisation = "{code}"\nwire = "mllp"\n'
        text += f'url = "{url}"\nprivate = true\nacknowledges = {LAST_WORD[code]}\n'
    return text


class Exchange:
    def __init__(self, binary, folder, lines):
        file, config, log = (Path(folder) / name for name in ["all.toml", "conf.toml", "log"])
        file.write_text(directory(lines))
        config.write_text(
            f'tls_certificate = "{folder}/exchange.pem"\ntls_key = "{folder}/exchange-key.pem"\n'
            f'outgoing_certificate = "{folder}/exchange.pem"\n'
            f'outgoing_key = "{folder}/exchange-key.pem"\n'
            f'tls_client_authorities = "{folder}/ca.pem"\n'
        )
        command = [binary, "serve", "--open", "--listen", "127.0.0.1:0"]
        command += ["--mllp-listen", "127.0.0.1:0", "--mllp-tls-listen", "127.0.0.1:0"]
        command += ["--data", f"{folder}/data", "--apply", str(file), "--config", str(config)]
        # The authorities that the machine believes.
        believing = {**os.environ, "SSL_CERT_FILE": f"{folder}/ca.pem"}
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=log.open("w"), text=True, env=believing
        )
        line = self.process.stdout.readline().split()
        assert line[:1] == ["ready"], f"it did not become ready: {line} {log.read_text()}"
        self.base = line[1]
        told = [json.loads(line)["fields"] for line in log.read_text().splitlines()]
        serving = [one["address"] for one in told if one["message"] == "serving MLLP"]
        self.port, self.tls_port = (int(address.rsplit(":", 1)[1]) for address in serving)

    def client(self):
        return MLLPClient("127.0.0.1", self.port)

    def get(self, path):
        with urllib.request.urlopen(self.base + path) as answer:
            return answer.read()

    def message(self, control_id):
        """What the exchange tells of a message, its history included."""
        kind = urllib.parse.quote("ADT^A01")
        found = json.loads(self.get(f"/messages?kind={kind}&party=Y99901&most=100"))["messages"]
        named = [one for one in found if one["local_id"] == f"PAS/{control_id}"]
        [one] = [one for one in named if one["wire"] == "mllp"]
        return json.loads(self.get(f"/messages/{one['id']}"))

    def until(self, control_id, state):
        begun = time.monotonic()
        while True:
            told = self.message(control_id)
            if told["deliveries"][0]["state"] == state:
                return told
            assert time.monotonic() - begun < SECONDS_MAX, told
            time.sleep(0.1)

    def stop(self):
        self.process.terminate()
        assert self.process.wait(SECONDS_MAX) == 0


def admission(control_id, to="Y99902", version="2.5", family="Müller", modes="|"):
    return hl7.parse(
        f"MSH|^~\\&|PAS|Y99901|LIS|{to}|20261123||ADT^A01^ADT_A01|{control_id}|T|{version}"
        f"|||{modes}||UNICODE UTF-8\rEVN|A01|20261123\r"
        f"PID|1||9000000009^^^NHS||{family}^Jane\rPV1|1|I\r"
    )


def block(answer):
    """The message in a block; python-hl7's client hands out the whole of it."""
    assert answer[:1] == b"\x0b" and answer[-2:] == b"\x1c\r", answer
    return answer[1:-2].decode()


def wait(what):
    begun = time.monotonic()
    while not what():
        assert time.monotonic() - begun < SECONDS_MAX, "it did not come in time"
        time.sleep(0.05)


def acknowledgements_are_valid(exchange, _):
    """In every version: to hl7apy's strict judgement, and in python-hl7's reading."""
    with exchange.client() as client:
        for number, version in enumerate(VERSIONS):
            for to, code in [("Y99902", "AA"), ("NOBODY", "AR")]:
                control_id = f"V{number}{code}"
                answer = block(client.send_message(admission(control_id, to, version)))
                level = VALIDATION_LEVEL.STRICT
                if version in NOT_JUDGED:
                    level = VALIDATION_LEVEL.TOLERANT
                parsed = parse_message(answer, validation_level=level)
                assert version in NOT_JUDGED or parsed.validate(), answer
                assert parsed.msa.msa_1.value == code, answer
                assert parsed.msa.msa_2.value == control_id, answer
                read = hl7.parse(answer)
                assert str(read.segment("MSH")(12)) == version, answer
                assert str(read.segment("MSH")(4)) == to, answer


def many_go_through_in_order(exchange, ward):
    ward.got.clear()
    ward.connections = 0
    sent = [str(admission(f"M{number}")) for number in range(MANY)]
    with exchange.client() as client:
        for message in sent:
            answer = hl7.parse(block(client.send_message(message)))
            assert str(answer.segment("MSA")(1)) == "AA", answer
    wait(lambda: len(ward.got) >= MANY)
    assert ward.got == sent, "they did not come in order, each once"
    assert ward.connections <= 1, f"{ward.connections} new connections for {MANY} messages"


def what_arrived_is_acknowledged_and_drawn(exchange, _):
    told = exchange.until(f"M{MANY - 1}", "acknowledged")
    states = [line["state"] for line in told["deliveries"][0]["history"]]
    assert states[0] == "ready" and states[-1] == "acknowledged", states
    body = exchange.get(f"/messages/{told['id']}/body").decode()
    assert body == str(admission(f"M{MANY - 1}")), body
    drawn = exchange.get(f"/conversations/{told['conversation']}.txt").decode()
    for word in ["North Hospital", "Message broker", "Ward", "ADT^A01"]:
        assert word in drawn, drawn


def a_repeat_goes_through_once(exchange, ward):
    ward.got.clear()
    with exchange.client() as client:
        first = client.send_message(admission("R1"))
        assert client.send_message(admission("R1")) == first
        other = hl7.parse(block(client.send_message(admission("R1", family="Smith"))))
        assert str(other.segment("MSA")(1)) == "AE", other
        client.send_message(admission("R2"))
    wait(lambda: len(ward.got) >= 2)
    assert ward.got == [str(admission("R1")), str(admission("R2"))], ward.got


def an_error_is_tried_again_and_holds_up_the_next(exchange, ward):
    ward.got.clear()
    ward.code = "AE"
    with exchange.client() as client:
        client.send_message(admission("E1"))
        client.send_message(admission("E2"))
    wait(lambda: ward.got)
    told = exchange.until("E1", "waiting")
    assert told["deliveries"][0]["problem"] == "answered AE", told
    ward.code = "AA"
    exchange.until("E2", "acknowledged")
    ids = [message.split("|")[9] for message in ward.got]
    assert ids == ["E1", "E1", "E2"], ids


def a_rejection_is_final(exchange, ward):
    ward.got.clear()
    ward.code = "AR"
    with exchange.client() as client:
        client.send_message(admission("X1"))
        exchange.until("X1", "refused")
        ward.code = "AA"
        client.send_message(admission("X2"))
    exchange.until("X2", "acknowledged")
    ids = [message.split("|")[9] for message in ward.got]
    assert ids == ["X1", "X2"], ids


def who_hangs_up_each_time_gets_them_all(exchange, _):
    with exchange.client() as client:
        for number in range(20):
            client.send_message(admission(f"C{number}", to="Y99903"))
    exchange.until("C19", "acknowledged")
    ids = [message.split("|")[9] for message in Clinic.got]
    assert ids == [f"C{number}" for number in range(20)], ids


def the_asynchronous_client_is_answered_too(exchange, _):
    async def ask():
        connected = open_hl7_connection("127.0.0.1", exchange.port, encoding="utf-8")
        reader, writer = await connected
        writer.writemessage(admission("A1"))
        await writer.drain()
        answer = await reader.readmessage()
        writer.close()
        return str(answer.segment("MSA"))

    assert asyncio.run(ask()) == "MSA|AA|A1"


def a_receiver_has_the_last_word(exchange, ward):
    """In the enhanced mode: CA says that it is safe, and an ACK of its own what came of it."""
    for control_id, code, state in [("L1", "AA", "acknowledged"), ("L2", "AE", "refused")]:
        ward.code = "CA"
        with exchange.client() as client:
            sent = admission(control_id, to="Y99905", modes="AL|AL")
            answer = hl7.parse(block(client.send_message(sent)))
            assert str(answer.segment("MSA")(1)) == "CA", answer
            told = exchange.until(control_id, "sent")
            header = "MSH|^~\\&|LIS|Y99905|PAS|Y99901|20261123||ACK^A01^ACK"
            client.send_message(f"{header}|W{control_id}|T|2.5\rMSA|{code}|{control_id}\r")
        ward.code = "AA"
        exchange.until(control_id, state)
        path = f"/messages/conversations/{told['conversation']}"
        kinds = [one["type"] for one in json.loads(exchange.get(path))["messages"]]
        assert "ACK^A01" in kinds, kinds


async def say(exchange, tls, message):
    connected = open_hl7_connection("localhost", exchange.tls_port, ssl=tls, encoding="utf-8")
    reader, writer = await connected
    writer.writemessage(message)
    await writer.drain()
    answer = await reader.readmessage()
    writer.close()
    return str(answer.segment("MSA"))


def certificates_are_shown_both_ways(exchange, _):
    papers, laboratory = exchange.papers, exchange.laboratory
    sent = [admission(f"T{number}", to="Y99904") for number in range(3)]
    for number, message in enumerate(sent):
        answer = asyncio.run(say(exchange, papers.context("pas", False), message))
        assert answer == f"MSA|AA|T{number}", answer
    wait(lambda: len(laboratory.got) >= len(sent))
    assert laboratory.got == [str(message) for message in sent], laboratory.got
    assert laboratory.callers == {"exchange"}, laboratory.callers


def who_shows_none_or_an_unknown_one_is_turned_away(exchange, _):
    stranger, nobody = (exchange.papers.context(name, False) for name in ["stranger", None])
    unknown = asyncio.run(say(exchange, stranger, admission("U1")))
    assert unknown.startswith("MSA|AR|U1"), unknown
    try:
        heard = asyncio.run(say(exchange, nobody, admission("U2")))
    except (ssl.SSLError, ConnectionError, asyncio.IncompleteReadError):
        return
    raise AssertionError(f"without a certificate: {heard}")


CHECKS = [
    acknowledgements_are_valid,
    many_go_through_in_order,
    what_arrived_is_acknowledged_and_drawn,
    a_repeat_goes_through_once,
    an_error_is_tried_again_and_holds_up_the_next,
    a_rejection_is_final,
    who_hangs_up_each_time_gets_them_all,
    the_asynchronous_client_is_answered_too,
    a_receiver_has_the_last_word,
    certificates_are_shown_both_ways,
    who_shows_none_or_an_unknown_one_is_turned_away,
]


def main():
    ward = Ward()
    clinic = MLLPServer("127.0.0.1", 0, {"ADT^A01^ADT_A01": (Clinic,)})
    threading.Thread(target=clinic.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        papers = Papers(folder)
        for name in ["exchange", "laboratory", "pas", "stranger"]:
            papers.issue(name)
        laboratory = Ward(papers.context("laboratory", True))
        lines = {
            "Y99901": "mllp://127.0.0.1:9",
            "Y99902": f"mllp://127.0.0.1:{ward.port}",
            "Y99903": f"mllp://127.0.0.1:{clinic.server_address[1]}",
            "Y99905": f"mllp://127.0.0.1:{ward.port}",
            "Y99904": f"mllps://localhost:{laboratory.port}",
        }
        exchange = Exchange(sys.argv[1], folder, lines)
        exchange.papers, exchange.laboratory = papers, laboratory
        failed = run("hl7", CHECKS, exchange, ward)
        exchange.stop()
    return failed


if __name__ == "__main__":
    sys.exit(main())
