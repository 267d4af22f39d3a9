"""Strangers' clients, zeep and lxml from PyPI, read the WSDL, trace, and check what was sent.

Usage: soap_trace.py BASE_URL
"""

import sys
import uuid

import requests
import zeep
from lxml import etree

from house import run

BASE = sys.argv[1]
ADDRESSES = [BASE + "/sync-service", BASE + "/syncservice-pds/pds"]
V3 = "urn:hl7-org:v3"
WSA = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
NASP = "http://national.carerecords.nhs.uk/schema/"
XS = "http://www.w3.org/2001/XMLSchema"
NAMES = {"v3": V3, "wsa": WSA, "soap": SOAP, "nasp": NASP, "xs": XS}
ASID = "1.2.826.0.1285.0.2.0.107"
EXCHANGE, SYSTEM = "200000001006", "200000001001"
SERVICE = "urn:nhs:names:services:pdsquery/"


def device(asid):
    return {"device": {"id": {"root": ASID, "extension": asid}}}


def wrapper(interaction, query):
    author = {"AgentSystemSDS": {"agentSystemSDS": device(SYSTEM)["device"]}}
    return {
        "id": {"root": str(uuid.uuid4()).upper()},
        "creationTime": {"value": "20260101120000"},
        "interactionId": {"root": "2.16.840.1.113883.2.1.3.2.4.12", "extension": interaction},
        "processingCode": {"code": "P"},
        "processingModeCode": {"code": "T"},
        "acceptAckCode": {"code": "NE"},
        "communicationFunctionRcv": device(EXCHANGE),
        "communicationFunctionSnd": device(SYSTEM),
        "ControlActEvent": {"author1": author, "query": query},
    }


def headers(interaction):
    message_id = "uuid:" + str(uuid.uuid4()).upper()
    return message_id, {
        "MessageID": message_id,
        "Action": SERVICE + interaction,
        "To": ADDRESSES[0],
        "From": {"Address": "https://system.example"},
        "ReplyTo": {"Address": "https://system.example"},
        "communicationFunctionRcv": device(EXCHANGE),
        "communicationFunctionSnd": device(SYSTEM),
    }


def trace(family, born, gender="2"):
    return {
        "person.administrativeGenderCode": {"value": {"code": gender}},
        "person.birthTime": {"value": {"value": born}},
        "person.name": {"value": {"family": family, "given": ["Jane"]}},
    }


def number(nhs_number):
    return {"person.id": {"value": {"root": "2.16.840.1.113883.2.1.4.1", "extension": nhs_number}}}


def clients():
    for address in ADDRESSES:
        history = zeep.plugins.HistoryPlugin()
        settings = zeep.Settings(strict=True, xsd_ignore_sequence_order=False)
        client = zeep.Client(address + "?wsdl", settings=settings, plugins=[history])
        port = client.service._binding_options["address"]
        assert port == address, f"the WSDL of {address} says {port}"
        yield client, history


def schemas(address):
    """The schemas of the WSDL, as one that lxml takes: XML Schema wants a document for each."""
    wsdl = etree.fromstring(requests.get(address + "?wsdl", timeout=10).content)
    found = {}
    for schema in wsdl.iterfind(".//xs:schema", NAMES):
        # Prefixes are declared on the root of the WSDL: a copy keeps them.
        alone = etree.fromstring(etree.tostring(schema))
        found[schema.get("targetNamespace")] = etree.XMLSchema(alone)
    return found


def checks_what_was_sent(history, valid, message_id, interaction):
    sent = history.last_received["envelope"]
    body = sent.find("soap:Body", NAMES)[0]
    valid[V3].assertValid(body)
    said = {}
    for header in sent.find("soap:Header", NAMES):
        name = etree.QName(header)
        valid[name.namespace].assertValid(header)
        said[name.localname] = header.text
    assert said["RelatesTo"] == message_id, said
    assert said["Action"] == SERVICE + interaction, said
    assert etree.QName(body[0]).localname == interaction


def asks(client, history, valid, operation, interaction, answer, query):
    message_id, soap_headers = headers(interaction)
    ask = getattr(client.service, operation)
    got = ask(**wrapper(interaction, query), _soapheaders=soap_headers)
    checks_what_was_sent(history, valid, message_id, answer)
    body = getattr(got, "body", got)
    return body[answer] if answer in dir(body) else body


RETRIEVALS = [
    ("Retrieval", "QUPA_IN000008UK02", "QUPA_IN000009UK03", "PDSResponse"),
    ("RetrievalUK05", "QUPA_IN000008UK05", "QUPA_IN000009UK06", "PDSResponse"),
    ("RetrievalUK32", "QUPA_IN040000UK32", "QUPA_IN050000UK32", "PdsSuccessfulRetrieval"),
]
TRACE = ("SimpleTrace", "QUPA_IN000005UK01")
REFUSAL = "QUQI_IN010000UK14"


def refused(client, history, valid, asked, query, code):
    found = asks(client, history, valid, *asked, REFUSAL, query)
    assert found["acknowledgement"]["typeCode"] == "AE"
    reasons = found["ControlActEvent"]["reason"]
    codes = [reason["justifyingDetectedIssueEvent"]["code"]["code"] for reason in reasons]
    assert code in codes, codes


def zeep_traces(valid):
    for client, history in clients():
        query = trace("Smith", "20101022")
        found = asks(client, history, valid, *TRACE, "QUPA_IN000007UK01", query)
        role = found["ControlActEvent"]["subject"]["PdsTraceMatch"]["subject"]["patientRole"]
        assert role["id"]["extension"] == "9000000009", role["id"]
        assert role["patientPerson"]["name"][0]["family"] == "Smith"


def zeep_retrieves(valid):
    for client, history in clients():
        for operation, interaction, answer, subject in RETRIEVALS:
            query = number("9000000009")
            found = asks(client, history, valid, operation, interaction, answer, query)
            role = found["ControlActEvent"]["subject"][subject]["subject"]["patientRole"]
            assert role["patientPerson"]["birthTime"]["value"] == "20101022"


def zeep_is_refused(valid):
    for client, history in clients():
        refused(client, history, valid, TRACE, trace("Nobody", "20101022"), "ST004")
        refused(client, history, valid, TRACE, trace("Smith", "2010"), "AT001")
        for operation, interaction, _, _ in RETRIEVALS:
            asked = (operation, interaction)
            refused(client, history, valid, asked, number("9999999999"), "NHSNCC002")


def a_restricted_patient_lives_nowhere(valid):
    client, history = next(clients())
    asked = RETRIEVALS[0]
    found = asks(client, history, valid, *asked[:3], number("9000000025"))
    role = found["ControlActEvent"]["subject"][asked[3]]["subject"]["patientRole"]
    assert not role["addr"] and not role["telecom"], role
    assert role["confidentialityCode"]["code"] == "S"


def faults_are_soap(valid):
    for body, action, number_said in [
        (b"<a>", "", "201"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "", "201"),
        (b"<a/>", "", "300"),
    ]:
        head = {"Content-Type": "text/xml", "SOAPAction": action}
        got = requests.post(ADDRESSES[0], data=body, headers=head, timeout=10)
        assert got.status_code == 500, got.status_code
        fault = etree.fromstring(got.content).find("soap:Body/soap:Fault", NAMES)
        assert fault.findtext("faultcode").endswith(":Client"), got.text
        errors = fault.find("detail/nasp:errorList", NAMES)
        valid[NASP].assertValid(errors)
        assert errors.findtext("nasp:error/nasp:errorCode", namespaces=NAMES) == number_said


def main():
    return run("soap", [
        zeep_traces,
        zeep_retrieves,
        zeep_is_refused,
        a_restricted_patient_lives_nowhere,
        faults_are_soap,
    ], schemas(ADDRESSES[0]))


if __name__ == "__main__":
    sys.exit(main())
