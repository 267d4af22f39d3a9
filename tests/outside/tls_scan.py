"""A stranger's scanner, sslyze from PyPI, finds nothing old or weak in how the exchange speaks TLS.

It starts an exchange of its own. Versions before TLS 1.2 are not spoken, no cipher without forward
secrecy and authenticated encryption is taken, callers cannot renegotiate, and known faults of old
implementations are not there.

Usage: tls_scan.py BINARY
"""

import sys

from sslyze import ScanCommand, Scanner, ServerNetworkLocation, ServerScanRequest

from house import credentials, exchange, run

OLD = ["ssl_2_0", "ssl_3_0", "tls_1_0", "tls_1_1"]
SPOKEN = ["tls_1_2", "tls_1_3"]


def scan(host, port):
    """What the scanner found, by the name of the command."""
    commands = {
        *(ScanCommand(f"{version}_cipher_suites") for version in ["ssl_2_0", "ssl_3_0", "tls_1_0"]),
        *(ScanCommand(f"tls_1_{minor}_cipher_suites") for minor in [1, 2, 3]),
        ScanCommand.SESSION_RENEGOTIATION,
        ScanCommand.SESSION_RESUMPTION,
        ScanCommand.TLS_COMPRESSION,
        ScanCommand.TLS_1_3_EARLY_DATA,
        ScanCommand.HEARTBLEED,
        ScanCommand.ROBOT,
        ScanCommand.OPENSSL_CCS_INJECTION,
    }
    scanner = Scanner()
    location = ServerNetworkLocation(hostname=host, port=port)
    scanner.queue_scans([ServerScanRequest(server_location=location, scan_commands=commands)])
    [found] = list(scanner.get_results())
    assert found.scan_result is not None, found
    results = {}
    for command in commands:
        attempt = getattr(found.scan_result, command.value)
        assert attempt.result is not None, f"{command.value}: {attempt.error_reason}"
        results[command.value] = attempt.result
    return results


def old_versions_are_not_spoken(results):
    for version in OLD:
        accepted = results[f"{version}_cipher_suites"].accepted_cipher_suites
        assert not accepted, f"{version} is spoken: {accepted}"


def ciphers_are_strong(results):
    for version in SPOKEN:
        accepted = results[f"{version}_cipher_suites"].accepted_cipher_suites
        names = sorted(suite.cipher_suite.name for suite in accepted)
        assert names, f"{version} is not spoken"
        for name in names:
            strong = "GCM" in name or "CHACHA20" in name
            secret = version == "tls_1_3" or name.startswith("TLS_ECDHE_")
            assert strong and secret, f"{version} takes {name}"


def callers_cannot_renegotiate(results):
    renegotiation = results["session_renegotiation"]
    assert not renegotiation.is_vulnerable_to_client_renegotiation_dos, renegotiation
    assert renegotiation.supports_secure_renegotiation, renegotiation


def nothing_known_to_be_weak(results):
    assert not results["tls_compression"].supports_compression
    assert not results["tls_1_3_early_data"].supports_early_data
    assert not results["heartbleed"].is_vulnerable_to_heartbleed
    assert not results["openssl_ccs_injection"].is_vulnerable_to_ccs_injection
    assert results["robot"].robot_result.name.startswith("NOT_VULNERABLE"), results["robot"]


CHECKS = [
    old_versions_are_not_spoken,
    ciphers_are_strong,
    callers_cannot_renegotiate,
    nothing_known_to_be_weak,
]


def main(binary):
    with exchange(binary, "--no-local") as (_, data):
        port = int(credentials(data)["tls_base_url"].rsplit(":", 1)[1])
        return run("sslyze", CHECKS, scan("127.0.0.1", port))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
