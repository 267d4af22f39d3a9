"""What the scripts about mailboxes share: a sandbox, and tokens."""

import contextlib
import datetime
import hmac
import os
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from hashlib import sha256

from house import stop

PASSWORD = "password"
SHARED_KEY = "TestKey"
READY_S_MAX = 120


@contextlib.contextmanager
def sandbox():
    """The public sandbox, in memory, with full authorisation."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    settings = {
        "SHARED_KEY": SHARED_KEY,
        "AUTH_MODE": "full",
        "STORE_MODE": "memory",
        "TZ": "UTC",
        "ENV": "local",
    }
    words = [sys.executable, "-m", "uvicorn", "mesh_sandbox.api:app", "--port", str(port)]
    process = subprocess.Popen(
        [*words, "--log-level", "critical"],
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    base = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{base}/health", process)
        yield base
    finally:
        stop(process)


def wait_for(url, process):
    until = time.monotonic() + READY_S_MAX
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).read()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{url} does not answer")


def token(mailbox, password=PASSWORD, key=SHARED_KEY, nonce=None, count=0, time_text=None):
    """A token for one request."""
    nonce = nonce or str(uuid.uuid4())
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%d%H%M")
    time_text = time_text or now
    words = f"{mailbox}:{nonce}:{count}:{password}:{time_text}"
    digest = hmac.new(key.encode(), words.encode(), sha256).hexdigest()
    return f"NHSMESH {mailbox}:{nonce}:{count}:{time_text}:{digest}"
