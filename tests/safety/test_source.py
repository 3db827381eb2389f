"""What is never written: each line that may stand all the same is named, with its reason."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_architecture import ROOT, places_matching

_OF_OURS = "put together out of pieces of ours; values go beside it"
# What is looked for, and the places where it may stand.
NEVER = {
    r"format_html\(\s*f[\"']": {},
    r"\.extra\(": {},
    r"\bRawSQL\(": {
        "commitments/reports/search.py": _OF_OURS,
        "commitments/web/customers.py": _OF_OURS,
        "notifications/models/contact.py": _OF_OURS,
    },
    r"(?<!self\.)\bexecute\(\s*(f[\"']|[^)]*[\"']\s*%|[^)]*\.format\()": {
        "commitments/models/row.py": _OF_OURS,
        "commitments/reports/search.py": _OF_OURS,
        "commitments/web/lists/spreadsheet.py": _OF_OURS,
    },
    r"\.raw\(": {},
    r"\b(eval|exec|__import__)\(": {},
    r"\bpickle\b|\bmarshal\b|\bshelve\b": {},
    r"yaml\.load\(": {},
    r"shell=True|os\.system\(|os\.popen\(": {},
    r"\bMD5\b|\bmd5\(|\bsha1\(": {},
    r"verify=False|CERT_NONE|_create_unverified": {},
    r"csrf_exempt": {
        "commitments/public/doors.py": "customers' pages have a proof of their own",
        "commitments/web/mail_hook.py": "a provider proves itself by its signature",
        "notifications/web/hooks.py": "a provider proves itself by its signature",
    },
    r"fields\s*=\s*[\"']__all__[\"']": {},
    r"\brandom\.(choice|random|randint|randrange)\(": {},
}


@pytest.mark.parametrize("words", NEVER)
def test_it_stands_nowhere_but_where_there_is_a_reason(words: str) -> None:
    found = {place.partition(":")[0] for place in places_matching(re.compile(words), "*.py")}

    assert found - NEVER[words].keys() == set()


def test_no_template_runs_what_is_not_in_a_file_of_ours_or_fetches_from_others() -> None:
    runs = re.compile(
        r"<script(?![^>]*\bsrc=)|<[^>{]*\son\w+=|javascript:|srcdoc=|<(?:object|embed|applet)\b"
    )
    fetches = re.compile(
        r"<(?:script|img|iframe|link|source)\b[^>]*\b(?:src|href)=\"(?:https?:)?//"
    )
    dressed = re.compile(r"<\w[^>{]*\sstyle=")  # which only mail programs allow

    of_pages = [
        place for place in places_matching(dressed, "*.html") if "templates/messages/" not in place
    ]

    assert places_matching(runs, "*.html") == []
    assert places_matching(fetches, "*.html") == []
    assert of_pages == []


def test_no_script_stores_anything_in_the_browser() -> None:
    stores = re.compile(r"localStorage|sessionStorage|indexedDB|document\.cookie|caches\.open")

    assert places_matching(stores, "*.js") == []
    assert list(ROOT.glob("commitments/static/commitments/*.js"))


# Keys as those who give them out write them, and long words after a name that says secret.
SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"
    r"|\bgh[pousr]_[A-Za-z0-9]{36}|\bgithub_pat_\w{22}"
    r"|\bxox[abeprs]-[A-Za-z0-9-]{10}"
    r"|\bsk_live_[A-Za-z0-9]{16}|\bAIza[\w-]{35}\b"
    # As chance makes them: small and capital letters and digits, or hexadecimal.
    r"|(?i:secret|passw(?:or)?d|token|api_?key)\w*[\"']?(?:: \w+)?\s*[:=]\s*[\"']?"
    r"(?:(?=[\w+/=~-]*\d)(?=[\w+/=~-]*[a-z])(?=[\w+/=~-]*[A-Z])[\w+/=~-]{20,}|[0-9a-f]{32,})"
)
# In what is run; the tests are full of passwords of people who are not.
PASSWORDS = re.compile(r"\bPASSWORD\b[^=\n]*=\s*[\"'][^\"'\s]+[\"']")
OF_THE_STANDARD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # its example, for everybody to read
NO_PASSWORDS = {
    "config/demo/company.py": "the demonstration's, published for whoever tries it",
    "config/environment.py": "the name of a setting",
}


def test_no_secret_stands_in_what_is_published() -> None:
    found = [
        f"{path}:{number}"
        for path in _published()
        for number, line in enumerate(_lines(path), 1)
        if SECRETS.search(line.replace(OF_THE_STANDARD, ""))
    ]

    assert found == []


def test_no_password_stands_in_what_is_run_but_the_published_one() -> None:
    places = places_matching(PASSWORDS, "*.py")

    assert {place.partition(":")[0] for place in places} == NO_PASSWORDS.keys()
    assert len(places) == len(NO_PASSWORDS)
    assert 'PASSWORD: Final = "larkfield-demo"' in places[0]


@pytest.mark.parametrize(
    "secret",
    [
        "-----BEGIN " + "RSA PRIVATE KEY-----",
        "AKIA" + "IOSFODNN7EXAMPLE",
        "ghp_" + "a1B2" * 9,
        "xoxb-" + "123456789012",
        'SECRET_KEY = "' + "a1B2" * 5 + '"',
        "export METRICS_TOKEN=" + "a1B2" * 5,
        '"client_secret": "' + "0f" * 16 + '"',
    ],
)
def test_a_secret_would_be_found(secret: str) -> None:
    assert SECRETS.search(secret)


def _lines(path: Path) -> list[str]:
    return (ROOT / path).read_text("utf-8", errors="replace").splitlines()


def _published() -> Iterator[Path]:
    """Every file below here but what git is told to leave out; a copy without git has no others."""
    left_out = {".git", *(ROOT / ".gitignore").read_text().replace("/", "").split()}
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [each for each in folders if each not in left_out]
        for name in names:
            path = Path(folder, name)
            if name not in left_out and path.suffix != ".pyc" and not path.is_symlink():
                yield path.relative_to(ROOT)
