"""Settings, Escalation: rehearsed, renamed, brought back."""

from __future__ import annotations

import pytest
from django.test import Client

from commitments import policies
from commitments.models import (
    Kind,
    Policy,
)
from tests.commitments.ladders import rung
from tests.makers import NOON
from tests.web.pages import text

from .forms import press

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_a_rehearsal_shows_what_would_be_said_and_keeps_nothing(ada: Client) -> None:
    policy = Policy.objects.get(name="Usual")
    page = ada.get(f"/settings/escalation/{policy.pk}/rehearse/")

    played = press(ada, page, "rehearse", days="20")

    words = text(played)
    assert "Version 1, owned by Ana Moreno" in words
    assert "Dev Shah:" in words
    assert ada.get("/promises/").status_code == 200
    assert not Kind.objects.exclude(policy__name="Usual").exists()


def test_a_policy_is_renamed_and_no_name_is_used_twice(ada: Client) -> None:
    policy = Policy.objects.get(name="Usual")
    address = f"/settings/escalation/{policy.pk}/"

    ada.post(address, {"press": "rename", "called": "Everyday"})
    refused = ada.post(address, {"press": "rename", "called": "usual, URGENT"})

    assert refused.status_code == 422
    assert Policy.objects.get(pk=policy.pk).name == "Everyday"


def test_two_policies_are_not_each_others_urgent_variant(ada: Client) -> None:
    usual, urgent = Policy.objects.get(name="Usual"), Policy.objects.get(name="Usual, urgent")

    refused = ada.post(
        f"/settings/escalation/{urgent.pk}/",
        {"press": "settings", "urgent_variant": str(usual.pk)},
    )

    assert refused.status_code == 422
    assert Policy.objects.get(pk=urgent.pk).urgent_variant is None


def test_one_is_retired_after_a_question_and_comes_back(ada: Client) -> None:
    policy = policies.make("Slow", steps=[rung(0, 0)], by=None, now=NOON)
    press(ada, ada.get(f"/settings/escalation/{policy.pk}/retire/"))
    assert Policy.objects.get(pk=policy.pk).retired_at == NOON

    ada.post(f"/settings/escalation/{policy.pk}/bring-back/")

    assert Policy.objects.get(pk=policy.pk).retired_at is None
