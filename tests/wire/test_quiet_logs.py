"""The log of real processes: the web server's own lines, the worker's, and those of libraries."""

from __future__ import annotations

import json
import re

import pytest
import requests

from tests.config.houses import House, manage

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]

NAME, MAIL, WORD = "Quentin Zaphrod", "quentin@zaphrod.example", "xylophonist"


def test_a_promise_goes_through_every_process_and_no_line_names_anybody(house: House) -> None:
    made = manage("make_token", "--email", "ana@larkfield.example", folder=house.folder)
    token = made.stdout.strip()
    key = {"Authorization": f"Bearer {token}"}
    body = {
        "customer": {"name": NAME, "email": MAIL}, "wording": f"Send the {WORD}",
        "kind": "followup", "due_at": "2030-01-01T10:00:00Z", "summary": True,
    }  # fmt: skip
    answer = requests.post(
        f"{house.address}/api/v1/commitments/", data=json.dumps(body), timeout=30,
        headers={**key, "Content-Type": "application/json", "Idempotency-Key": WORD},
    )  # fmt: skip
    assert answer.status_code == 201, answer.text
    for path in ("api/v1/customers/", "nowhere/", "c/no-such-link/"):
        requests.get(f"{house.address}/{path}", params={"q": NAME}, headers=key, timeout=30)
    last = requests.get(f"{house.address}/enough-of-it/", params={"q": NAME}, timeout=30)

    said = house.read_until(f"GET /enough-of-it/ {last.status_code}")

    number = answer.headers["X-Request-ID"]
    (line,) = [each for each in said.splitlines() if "POST /api/v1/commitments/ 201" in each]
    assert re.search(rf" gunicorn\.access {number}:\d+ POST", line)
    assert re.search(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO", line)
    for marker in (NAME, "Zaphrod", MAIL, WORD, token.partition(".")[2]):
        assert marker not in said
