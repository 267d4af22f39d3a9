"""What the scripts share: an exchange of their own, and how checks are run and told of."""

import contextlib
import json
import os
import signal
import subprocess
import tempfile
from pathlib import Path


@contextlib.contextmanager
def exchange(binary, *options):
    """A closed demonstration exchange in a folder that goes with it: its address and its data."""
    with tempfile.TemporaryDirectory() as folder:
        words = [binary, "serve", "--demo", "--people", "50", "--listen", "127.0.0.1:0", *options]
        data = os.path.join(folder, "data")
        log = open(os.path.join(folder, "serve.log"), "w+")
        process = subprocess.Popen(
            [*words, "--data", data],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            ready = process.stdout.readline().split()
            if ready[:1] != ["ready"]:
                log.seek(0)
                raise RuntimeError(f"the exchange is not ready: {log.read()}")
            yield ready[1], data
        finally:
            stop(process)
            log.close()


def credentials(data):
    """What the demonstration in a data folder knows of those who may call it."""
    return json.loads(Path(data, "demo/credentials.json").read_text())


def stop(process):
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def run(name, checks, *given):
    """Runs checks with what is given, tells of each, and returns the exit code."""
    failed = 0
    for check in checks:
        try:
            check(*given)
            print(f"ok      {name} {check.__name__}", flush=True)
        except Exception as error:
            failed += 1
            print(f"FAILED  {name} {check.__name__}: {type(error).__name__}: {error}", flush=True)
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0
