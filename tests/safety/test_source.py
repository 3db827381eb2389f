"""What is never written: each line that may stand all the same is named, with its reason."""

from __future__ import annotations

import re

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
