"""deploy/compose.yaml by a schema: the part of the Compose specification that it uses, and no more.

A key that stands here is known to the specification, with the values it takes there; a new one is
looked up there before it joins. https://github.com/compose-spec/compose-spec
"""

from __future__ import annotations

import re
from typing import Any

import jsonschema
import pytest
import yaml

from tests.faults.rounds import ROOT

TEXT = (ROOT / "deploy" / "compose.yaml").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]

LENGTH = {
    "type": "string",
    "pattern": r"^([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$",
    "minLength": 2,
}
WORDS = {"type": "array", "items": {"type": "string"}, "minItems": 1}
# Numbers and truths stand in quotes: unquoted, YAML would make something else of them.
TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}
DEPENDS = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "required": ["condition"],
        "additionalProperties": False,
        "properties": {
            "condition": {
                "enum": ["service_started", "service_healthy", "service_completed_successfully"]
            },
        },
    },
}
HEALTH = {
    "type": "object",
    "required": ["test"],
    "additionalProperties": False,
    "properties": {
        "test": {
            "type": "array",
            "prefixItems": [{"enum": ["CMD", "CMD-SHELL"]}],
            "items": {"type": "string"},
            "minItems": 2,
        },
        "interval": LENGTH,
        "timeout": LENGTH,
        "start_period": LENGTH,
        "retries": {"type": "integer", "minimum": 1},
    },
}
SERVICE = {
    "type": "object",
    "additionalProperties": False,
    "oneOf": [{"required": ["image"]}, {"required": ["build"]}],
    "properties": {
        "image": {"type": "string", "pattern": r"^[a-z0-9./-]+:[0-9][0-9A-Za-z.-]*$"},
        "build": {
            "type": "object",
            "required": ["context"],
            "additionalProperties": False,
            "properties": {"context": {"type": "string"}, "dockerfile": {"type": "string"}},
        },
        "command": {"type": "string", "minLength": 1},
        "restart": {"enum": ["no", "always", "on-failure", "unless-stopped"]},
        "environment": TEXTS,
        "volumes": {**WORDS, "items": {"type": "string", "pattern": r"^[a-z]+:/[^:]+(:ro)?$"}},
        # To the outside only through the proxy on the same machine.
        "ports": {**WORDS, "items": {"type": "string", "pattern": r"^127\.0\.0\.1:\d+:\d+$"}},
        "depends_on": DEPENDS,
        "healthcheck": HEALTH,
        "stop_grace_period": LENGTH,
    },
}
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["name", "services", "volumes"],
    "additionalProperties": False,
    "patternProperties": {"^x-": {"type": "object"}},
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$"},
        "services": {"type": "object", "additionalProperties": SERVICE},
        "volumes": {"type": "object", "additionalProperties": {"type": "null"}},
    },
}


def test_it_holds_to_the_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)

    jsonschema.Draft202012Validator(SCHEMA).validate(COMPOSE)


@pytest.mark.parametrize(
    ("service", "wrong"),
    [
        ("web", {"port": ["8000:8000"]}),
        ("web", {"ports": ["8000:8000"]}),
        ("worker", {"restart": False}),
        ("worker", {"stop_grace_period": 35}),
        ("worker", {"depends_on": {"prepare": {"condition": "healthy"}}}),
        ("worker", {"environment": {"PROXIES": 1}}),
        ("database", {"image": "postgres:latest"}),
        ("database", {"healthcheck": {"test": "pg_isready"}}),
    ],
)
def test_the_schema_sees_what_is_wrong(service: str, wrong: dict[str, Any]):
    changed = {**SERVICES, service: {**SERVICES[service], **wrong}}

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate({**COMPOSE, "services": changed})


def test_it_has_every_process_and_both_servers():
    assert set(SERVICES) == {"prepare", "web", "worker", "beat", "database", "broker"}


def test_whatever_waits_for_another_can_hear_that_it_is_ready():
    for name, service in SERVICES.items():
        for other, how in service.get("depends_on", {}).items():
            assert other in SERVICES, name
            if how["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[other], other
            if how["condition"] == "service_completed_successfully":
                assert SERVICES[other]["restart"] == "no", other


def test_every_volume_is_named_and_used():
    used = {
        volume.partition(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", ())
    }

    assert used == set(COMPOSE["volumes"])


def test_workers_can_be_many():
    """`docker compose up --scale worker=3`: none of them has a port or a name of its own."""
    assert {"ports", "container_name"} & set(SERVICES["worker"]) == set()


def test_no_secret_stands_in_it_and_none_may_be_missing():
    asked = dict(re.findall(r"\$\{(\w+)(:[?-][^}]*)?\}", TEXT))

    assert {name for name, how in asked.items() if how == ":?"} == {
        *("EMAIL_URL", "POSTGRES_PASSWORD", "PUBLIC_URL", "SECRET_KEY"),
    }
    assert all(how.startswith((":?", ":-")) for how in asked.values())
    for name, service in SERVICES.items():
        for key, value in service.get("environment", {}).items():
            is_secret = "PASSWORD" in key or "SECRET" in key
            assert not is_secret or value.startswith("${"), (name, key)


def test_each_has_as_long_to_end_as_it_may_take():
    """A request 20 seconds (`graceful_timeout`), a message 30 (`conversation`)."""
    assert SERVICES["web"]["stop_grace_period"] == "25s"
    assert SERVICES["worker"]["stop_grace_period"] == "35s"
