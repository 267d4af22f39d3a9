"""A stranger's client, zeep from PyPI, asks over mutual TLS: it shows a client certificate, and is
answered as the system that this stands for.

It starts an exchange of its own, which lets nobody in without credentials.

Usage: soap_certificate.py BINARY
"""

import sys
import uuid

import requests
import zeep

from house import credentials, exchange, run

ASID = "1.2.826.0.1285.0.2.0.107"
EXCHANGE = "200000001006"
NHS_NUMBER = "2.16.840.1.113883.2.1.4.1"
PATIENT = "9000000009"
NASP = "{http://national.carerecords.nhs.uk/schema/}"


def device(asid):
    return {"device": {"id": {"root": ASID, "extension": asid}}}


def retrieval(system):
    author = {"AgentSystemSDS": {"agentSystemSDS": device(system)["device"]}}
    number = {"value": {"root": NHS_NUMBER, "extension": PATIENT}}
    return {
        "id": {"root": str(uuid.uuid4()).upper()},
        "creationTime": {"value": "20260101120000"},
        "interactionId": {
            "root": "2.16.840.1.113883.2.1.3.2.4.12",
            "extension": "QUPA_IN000008UK02",
        },
        "processingCode": {"code": "P"},
        "processingModeCode": {"code": "T"},
        "acceptAckCode": {"code": "NE"},
        "communicationFunctionRcv": device(EXCHANGE),
        "communicationFunctionSnd": device(system),
        "ControlActEvent": {"author1": author, "query": {"person.id": number}},
    }


class Trial:
    def __init__(self, credentials):
        self.base = credentials["tls_base_url"]
        self.rows = {row["name"]: row for row in credentials["certificates"]}

    def client(self, name):
        """A client that shows the certificate of a system, or none."""
        session = requests.Session()
        # What the environment says of authorities would count more than what is said here.
        session.trust_env = False
        session.verify = next(iter(self.rows.values()))["authority_file"]
        if name:
            row = self.rows[name]
            session.cert = (row["certificate_file"], row["key_file"])
        transport = zeep.Transport(session=session, timeout=30, operation_timeout=30)
        return zeep.Client(self.base + "/sync-service?wsdl", transport=transport)

    def ask(self, name, system):
        return self.client(name).service.Retrieval(**retrieval(system))

    def refused(self, name, system):
        """The national number of the fault that comes instead of an answer."""
        try:
            self.ask(name, system)
        except zeep.exceptions.Fault as fault:
            return fault.detail.findtext(f"{NASP}errorList/{NASP}error/{NASP}errorCode")
        raise AssertionError(f"{name} was answered as {system}")


def a_system_is_answered_as_itself(trial):
    for name, row in trial.rows.items():
        found = trial.ask(name, row["system"])["body"]["QUPA_IN000009UK03"]
        subject = found["ControlActEvent"]["subject"]["PDSResponse"]["subject"]
        assert subject["patientRole"]["id"]["extension"] == PATIENT, name


def nobody_is_answered_as_another_system(trial):
    other = trial.rows["hill-road"]["system"]
    assert trial.refused("riverside", other) == "300"


def nobody_is_answered_without_a_certificate(trial):
    assert trial.refused(None, trial.rows["riverside"]["system"]) == "300"


CHECKS = [
    a_system_is_answered_as_itself,
    nobody_is_answered_as_another_system,
    nobody_is_answered_without_a_certificate,
]


def main(binary):
    with exchange(binary, "--no-local") as (_, data):
        return run("soap by certificate", CHECKS, Trial(credentials(data)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
