"""The example of nginx, with a certificate of its own, below a folder that it may write to."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.config.houses import CODE

EXAMPLE = CODE / "deploy" / "nginx.conf"


def program(name: str) -> str:
    """Where it is. Without it the test is skipped."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def command(folder: Path, *, instead: Mapping[str, str] | None = None) -> list[str]:
    """How to run it on the example, in which each key has given way to its value."""
    nginx, openssl = program("nginx"), program("openssl")
    key, certificate = folder / "privkey.pem", folder / "fullchain.pem"
    named = ("-keyout", str(key), "-out", str(certificate), "-subj", "/CN=promises.example.org")
    making = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", *named]
    made = subprocess.run(making, capture_output=True, text=True, check=False, timeout=60)
    assert made.returncode == 0, made.stderr
    example = EXAMPLE.read_text("utf-8")
    places = {"/etc/ssl/promises.example.org": str(folder), "/var/log/nginx": str(folder)}
    for there, here in (places | dict(instead or {})).items():
        assert there in example
        example = example.replace(there, here)
    configuration = folder / "nginx.conf"
    configuration.write_text(
        f"pid {folder}/pid; error_log {folder}/error.log; events {{}} http {{ {example} }}"
    )
    return [nginx, "-p", str(folder), "-c", str(configuration)]
