"""The messages and parties of the conformance trial: our own, made as the standards say."""

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
EBXML = "http://www.oasis-open.org/committees/ebxml-msg/schema/msg-header-2_0.xsd"
PARTY_KIND = "urn:nhs:names:partyType:ocs+serviceInstance"
BOUNDARY = "--=_conformance"
RELATED = f'multipart/related; boundary="{BOUNDARY}"; type="text/xml"; start="<header>"'
ASKER, ASKER_SYSTEM = "Y12345-001001", "200000001001"
EXCHANGE, EXCHANGE_CPA, EXCHANGE_SYSTEM = "X26-001006", "S20001A001006", "200000001006"
SURE, REFUSES = "Y12345-900001", "Y12345-900002"
GP2GP, PSIS, PDS = (f"urn:nhs:names:services:{name}" for name in ("gp2gp", "psis", "pdsquery"))
REQUEST = (GP2GP, "RCMR_IN010000UK05")
UPLOAD = (PSIS, "REPC_IN150016UK05")
TRACE = (PDS, "QUPA_IN000006UK02")
TRANSFER = [
    "RCMR_IN010000UK05",
    "RCMR_IN030000UK06",
    "RCMR_IN030000UK07",
    "COPC_IN000001UK01",
    "MCCI_IN010000UK13",
]


def criterion(name, value):
    return f"<{name}><value {value}</{name}>"


def described(family, born="20101022"):
    return "".join(
        [
            criterion("person.administrativeGenderCode", 'code="2"/>'),
            criterion("person.birthTime", f'value="{born}"/>'),
            criterion("person.name", f"><family>{family}</family></value>"),
        ]
    )


def numbered(number):
    return criterion("person.id", f'root="2.16.840.1.113883.2.1.4.1" extension="{number}"/>')


SMITH, NOBODY = described("Smith"), described("Nobody")
# What is asked over SOAP: the interaction, the query, and the status of the answer.
QUESTIONS = [
    ("QUPA_IN000005UK01", SMITH, 200),
    ("QUPA_IN000005UK01", NOBODY, 200),
    ("QUPA_IN000005UK01", described("Smith", "2010"), 200),
    ("QUPA_IN000008UK02", numbered("9000000009"), 200),
    ("QUPA_IN000008UK02", numbered("9000000025"), 200),
    ("QUPA_IN000008UK02", numbered("9999999999"), 200),
    ("QUPA_IN000008UK05", numbered("9000000009"), 200),
    ("QUPA_IN040000UK32", numbered("9000000009"), 200),
    ("QUPA_IN999999UK99", numbered("9000000009"), 500),
]


def device(function, asid):
    identity = f'<id root="1.2.826.0.1285.0.2.0.107" extension="{asid}"/>'
    name = f"communicationFunction{function}"
    return f"<{name}><device>{identity}</device></{name}>"


def question(interaction, query):
    return (
        f'<{interaction} xmlns="urn:hl7-org:v3"><id root="5B0A4CE1-9D4E-4E55-8E0C-6B5B7C0F6A11"/>'
        '<creationTime value="20260101120000"/>'
        f'<interactionId root="2.16.840.1.113883.2.1.3.2.4.12" extension="{interaction}"/>'
        '<processingCode code="P"/><processingModeCode code="T"/><acceptAckCode code="NE"/>'
        f"{device('Rcv', EXCHANGE_SYSTEM)}{device('Snd', ASKER_SYSTEM)}"
        f'<ControlActEvent classCode="CACT" moodCode="EVN"><query>{query}</query></ControlActEvent>'
        f"</{interaction}>"
    )


def envelope(body, header=""):
    head = f"<soap:Header>{header}</soap:Header>" if header else ""
    return f'<soap:Envelope xmlns:soap="{SOAP}">{head}<soap:Body>{body}</soap:Body></soap:Envelope>'


def message_header(sender, to, cpa, service, action, message_id, about=""):
    def party(key):
        return f'<eb:PartyId eb:type="{PARTY_KIND}">{key}</eb:PartyId>'

    about = f"<eb:RefToMessageId>{about}</eb:RefToMessageId>" if about else ""
    return (
        f'<eb:MessageHeader xmlns:eb="{EBXML}" eb:version="2.0" soap:mustUnderstand="1">'
        f"<eb:From>{party(sender)}</eb:From><eb:To>{party(to)}</eb:To><eb:CPAId>{cpa}</eb:CPAId>"
        f"<eb:ConversationId>{message_id}</eb:ConversationId><eb:Service>{service}</eb:Service>"
        f"<eb:Action>{action}</eb:Action><eb:MessageData><eb:MessageId>{message_id}</eb:MessageId>"
        f"<eb:Timestamp>2026-01-01T12:00:00Z</eb:Timestamp>{about}</eb:MessageData>"
        "</eb:MessageHeader>"
    )


def package(sender, to, cpa, action, message_id, payload=None):
    """The content type and the body of a message."""
    service, interaction = action
    manifest = (
        f'<eb:Manifest xmlns:eb="{EBXML}" eb:version="2.0"><eb:Reference '
        'xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="cid:payload"/></eb:Manifest>'
    )
    header = message_header(sender, to, cpa, service, interaction, message_id)
    payload = payload or f'<{interaction} xmlns="urn:hl7-org:v3"/>'
    body = related(envelope(manifest, header), payload)
    return RELATED, body.encode()


def related(header, payload):
    def part(name, text):
        return f"--{BOUNDARY}\r\nContent-Id: <{name}>\r\nContent-Type: text/xml\r\n\r\n{text}\r\n"

    return part("header", header) + part("payload", payload) + f"--{BOUNDARY}--\r\n"


def message_error(message_id):
    """What a message handler says that does not want a message."""
    service = "urn:oasis:names:tc:ebxml-msg:service"
    header = message_header(REFUSES, ASKER, "S-REFUSES", service, "MessageError", message_id, "X")
    errors = (
        f'<eb:ErrorList xmlns:eb="{EBXML}" eb:version="2.0" soap:mustUnderstand="1" '
        'eb:highestSeverity="Error"><eb:Error eb:errorCode="ValueNotRecognized" '
        'eb:severity="Error"/></eb:ErrorList>'
    )
    return envelope("", header + errors)


def party(key, organisation, address, contracts):
    rows = [
        "[[party]]",
        f'key = "{key}"',
        f'organisation = "{organisation}"',
        f'address = "{address}"',
        "private = true",
    ]
    for cpa, pattern, interactions in contracts:
        rows += ["[[party.contract]]", f'cpa = "{cpa}"', f'pattern = "{pattern}"']
        rows += [f"interactions = {interactions}".replace("'", '"'), "retries = 5"]
        rows += ['retry_interval = "PT1S"', 'persist_duration = "PT1M"']
    return "\n".join(rows)


def parties(recorder):
    """Everybody to whom the exchange posts, each by way of the recorder."""
    transfer = [f"{GP2GP}:{action}" for action in TRANSFER]
    reliable = "forward-reliable"
    return [
        party(
            "Y90001-009001",
            "Y90001",
            f"{recorder}/hill-road",
            [("S20001A009001", reliable, transfer)],
        ),
        party(
            "Y90002-009002",
            "Y90002",
            f"{recorder}/riverside",
            [("S20001A009002", reliable, transfer)],
        ),
        party(ASKER, "Y12345", f"{recorder}/asker", []),
        party(
            SURE, "Y12345", f"{recorder}/sure", [("S-SURE", "async-reliable", [":".join(UPLOAD)])]
        ),
        party(
            REFUSES, "Y12345", f"{recorder}/refuses", [("S-REFUSES", reliable, [":".join(REQUEST)])]
        ),
    ]
