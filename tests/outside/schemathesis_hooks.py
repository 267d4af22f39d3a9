"""Gives every request of schemathesis an id of its own.

The API answers a repeated X-Request-ID with its first answer, as it should, so a fuzzer that
repeats one id would see one answer for ever. An id that is wrong on purpose stays wrong.
"""

import random
import uuid

import schemathesis

CHANCE = random.Random(20261122)


@schemathesis.hook
def before_call(context, case, kwargs):
    headers = {name.lower(): name for name in case.headers or {}}
    name = headers.get("x-request-id", "X-Request-ID")
    if is_uuid((case.headers or {}).get(name)):
        case.headers = case.headers or {}
        case.headers[name] = str(uuid.UUID(int=CHANCE.getrandbits(128), version=4))


def is_uuid(value):
    """Whether a value is a UUID; none at all counts, so that requests get past the door."""
    try:
        return value is None or bool(uuid.UUID(str(value)))
    except ValueError:
        return False
