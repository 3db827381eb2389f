"""docs/privacy.md lists what is stored: every table of ours, and every field of it."""

from __future__ import annotations

import re

import pytest
from django.apps import apps

from tests.faults.rounds import ROOT

PAGE = (ROOT / "docs" / "privacy.md").read_text("utf-8")
ROWS = dict(re.findall(r"^\| ([A-Z]\w+) \| (.+) \|$", PAGE, re.MULTILINE))
MODELS = {
    model.__name__: model
    for room in ("commitments", "notifications")
    for model in apps.get_app_config(room).get_models()
}


def test_every_table_is_listed_and_no_other():
    assert ROWS.keys() - {"Table"} == MODELS.keys()


@pytest.mark.parametrize("name", sorted(MODELS))
def test_every_field_is_listed(name: str):
    fields = {field.name for field in MODELS[name]._meta.concrete_fields} - {"id"}

    listed = set(re.findall(r"\w+", ROWS[name]))

    assert fields - listed == set()
