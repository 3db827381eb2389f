"""Settings, Escalation: policies are edited with a preview, in versions, without a script."""

from __future__ import annotations

import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import policies
from commitments.models import Policy, Replan, User
from commitments.rules.ladder import Basis, Step
from tests.makers import HOUR, NOON, a_commitment, a_team, dev, ines

from .pages import signed_in, text
from .settings import forms

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def ada() -> Client:
    """An administrator, signed in."""
    a_team()
    return signed_in(User.objects.create_superuser("ada@larkfield.example", "x", name="Ada Lowe"))


def address() -> str:
    return f"/settings/escalation/{Policy.objects.get(name='Usual').pk}/"


def fields(response: object) -> dict[str, list[str]]:
    """What the form would send, as a browser sends it."""
    content: str = response.content.decode()  # type: ignore[attr-defined]  # a test response
    form = content.partition('<form method="post" class="stack')[2].partition("</form>")[0]
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if attributes.get("type") == "checkbox" and " checked" not in tag:
            continue
        value = attributes.get("value", "on" if attributes.get("type") == "checkbox" else "")
        sent.setdefault(attributes["name"], []).append(html.unescape(value))
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent[name] = [chosen[1] if chosen else re.findall(r'value="([^"]*)"', options)[0]]
    for name, words in re.findall(r'<textarea name="([^"]+)".*?>(.*?)</textarea>', form, re.DOTALL):
        sent[name] = [html.unescape(words).strip()]
    sent.pop("csrfmiddlewaretoken", None)
    return sent


def press(client: Client, page: object, button: str, **changed: object) -> object:
    """Fill in the form of the page and press one of its buttons."""
    data = fields(page) | {"press": [button]}
    data |= {name.replace("_0_", "0-"): value for name, value in changed.items()}
    return client.post(page.request["PATH_INFO"], data)  # type: ignore[attr-defined]  # a test response


def amounts(response: object) -> list[str]:
    sent = fields(response)
    return [sent[f"{place}-amount"][0] for place in range(int(sent["rows"][0]))]


def test_policies_are_said_in_sentences(ada: Client) -> None:
    page = ada.get("/settings/escalation/")

    words = text(page)
    assert "2 working hours before it is due, the owner is reminded." in words
    assert "For Callback, Change, Credit" in words
    assert "Step 4 tells the customer without words of yours" in words


@pytest.mark.parametrize("page", ["", "new/", "1/"])
def test_it_is_for_administrators_only(page: str) -> None:
    a_team()

    assert signed_in(ines()).get(f"/settings/escalation/{page}").status_code == 403
    assert Client().get(f"/settings/escalation/{page}").status_code == 302


def test_the_form_says_what_the_policy_says(ada: Client) -> None:
    page = ada.get(address())
    unchanged = press(ada, page, "preview")

    assert amounts(page) == ["2", "0", "2", "1"]
    assert unchanged.status_code == 200  # type: ignore[attr-defined]  # a test response
    save = press(ada, unchanged, "save")
    assert "These are the steps it has already." in text(save)
    assert Policy.objects.get(name="Usual").versions.count() == 1


def test_steps_move_up_and_down_and_what_was_typed_stays(ada: Client) -> None:
    page = ada.get(address())

    down = press(ada, page, "down-0", **{"0-amount": "7"})
    up = press(ada, down, "up-3")
    out = press(ada, up, "out-0")
    more = press(ada, out, "add")

    assert amounts(down) == ["0", "7", "2", "1"]
    assert amounts(up) == ["0", "7", "1", "2"]
    assert amounts(out) == ["7", "1", "2"]
    assert len(amounts(more)) == 4
    assert Policy.objects.get(name="Usual").versions.count() == 1


def test_an_edit_is_shown_before_it_is_saved(ada: Client) -> None:
    a_commitment(due_at=NOON + 4 * HOUR)
    preview = press(ada, ada.get(address()), "preview", **{"0-amount": "1"})

    words = text(preview)
    assert "1 working hour before it is due, the owner is reminded." in words
    assert "One open promise stands under this policy. No due time moves" in words
    assert "What comes next would differ for 1." in words
    assert Policy.objects.get(name="Usual").versions.count() == 1


def test_what_was_shown_is_saved_and_open_promises_follow_where_chosen(ada: Client) -> None:
    a_commitment(due_at=NOON + 4 * HOUR)
    preview = press(ada, ada.get(address()), "preview", **{"0-amount": "1"})

    saved = press(ada, preview, "save", replan_open="on")

    assert saved.status_code == 302  # type: ignore[attr-defined]  # a test response
    version = Policy.objects.get(name="Usual").latest()
    assert (version.number, str(version.made_by)) == (2, "Ada Lowe")
    assert [step.offset for step in version.ladder()] == [-3600, 0, 7200, 1]
    assert [step.number for step in version.ladder()] == [1, 2, 3, 4]
    assert Replan.objects.get().version == version
    assert "Open promises are being put under version 2" in text(ada.get("/settings/escalation/"))


def test_a_save_that_is_sent_twice_is_done_once_and_said_twice(ada: Client) -> None:
    preview = press(ada, ada.get(address()), "preview", **{"0-amount": "1"})

    answers = [press(ada, preview, "save") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]  # type: ignore[attr-defined]
    assert Policy.objects.get(name="Usual").versions.count() == 2
    assert "Usual: version 2 is in force." in text(ada.get("/settings/escalation/"))


def test_after_a_save_the_form_before_it_can_be_used_for_another(ada: Client) -> None:
    preview = press(
        ada,
        ada.get("/settings/escalation/new/"),
        "preview",
        name="First",
        **{"0-audience": "owner"},
    )

    for name in ("First", "Second"):
        press(ada, preview, "save", name=name)

    assert Policy.objects.filter(name__in=["First", "Second"]).count() == 2


def test_half_an_hour_comes_back_as_minutes(ada: Client) -> None:
    preview = press(ada, ada.get(address()), "preview", **{"0-amount": "0.5"})
    press(ada, preview, "save")

    again = fields(ada.get(address()))
    assert (again["0-amount"], again["0-unit"]) == (["30"], ["working_minutes"])
    assert Policy.objects.get(name="Usual").latest().ladder()[0].offset == -1800


def test_many_policies_ask_the_database_no_more_than_one(ada: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert ada.get("/settings/escalation/").status_code == 200
        return len(captured)

    steps = (Step(number=0, basis=Basis.ELAPSED, offset=0, audience=(f"person:{dev().pk}",)),)
    policies.make("Billing", steps=steps, by=None, now=NOON)
    few = queries()
    for number in range(5):
        policies.make(f"Billing {number}", steps=steps, by=None, now=NOON)

    assert queries() == few


def test_what_was_changed_after_the_preview_is_shown_again(ada: Client) -> None:
    preview = press(ada, ada.get(address()), "preview", **{"0-amount": "1"})

    again = press(ada, preview, "save", **{"0-amount": "5"})

    assert "The steps were changed after the preview" in text(again)
    assert Policy.objects.get(name="Usual").versions.count() == 1


def test_the_second_of_two_editors_is_told_and_keeps_what_they_typed(ada: Client) -> None:
    mine = press(ada, ada.get(address()), "preview", **{"0-amount": "1"})
    usual = Policy.objects.get(name="Usual")
    policies.edit(usual.pk, steps=usual.latest().ladder()[:2], based_on=1, by=ines(), now=NOON)

    refused = press(ada, mine, "save")

    assert refused.status_code == 422  # type: ignore[attr-defined]  # a test response
    assert "edited by Ines Duarte while you were at it" in text(refused)
    assert amounts(refused) == ["1", "0", "2", "1"]
    assert usual.latest().number == 2


def test_colleagues_are_named_by_their_e_mail(ada: Client) -> None:
    dev()
    preview = press(
        ada,
        ada.get(address()),
        "preview",
        **{"0-others": "Dev@larkfield.example, role:agent", "2-hands_to": "dev@larkfield.example"},
    )
    press(ada, preview, "save")

    first, _, third, _ = Policy.objects.get(name="Usual").latest().ladder()
    assert first.audience == ("owner", f"person:{dev().pk}", "role:agent")
    assert third.hands_to == f"person:{dev().pk}"
    assert fields(ada.get(address()))["0-others"] == ["dev@larkfield.example, role:agent"]


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("1-others", "who@nowhere.example", "Step 2: Nobody here has the e-mail"),
        ("0-others", "boss", "Step 1: “boss” is nobody we can tell"),
        ("0-unit", "percent", "Step 1: Per cent"),
        ("0-amount", "", "Some steps are not complete."),
        ("0-amount", "-2", "Some steps are not complete."),
        ("0-amount", "0.333", "Step 1: Give a length that comes to whole minutes."),
        ("3-amount", "1.5", "Step 4: Give a length that comes to whole working days."),
        ("2-again", "2", "Step 3: Say how often it is said again"),
        ("0-words", "Sorry", "Step 1: Words for the customer belong"),
    ],
)
def test_what_will_not_do_is_refused_with_a_sentence(
    ada: Client, name: str, typed: str, sentence: str
) -> None:
    changed = {name: typed} | ({"0-amount": "100"} if name == "0-unit" else {})

    refused = press(ada, ada.get(address()), "preview", **changed)

    assert refused.status_code == 422  # type: ignore[attr-defined]  # a test response
    assert sentence in text(refused)
    assert Policy.objects.get(name="Usual").versions.count() == 1


def test_a_new_policy_is_made_and_can_be_the_urgent_variant(ada: Client) -> None:
    page = ada.get("/settings/escalation/new/")
    preview = press(ada, page, "preview", name="At once", **{"0-audience": ["owner", "manager"]})
    press(ada, preview, "save")

    urgent = Policy.objects.get(name="At once")
    chosen = {"press": "settings", "urgent_variant": str(urgent.pk)}
    assert ada.post(address(), chosen).status_code == 302
    assert [step.audience for step in urgent.latest().ladder()] == [("owner", "manager")]
    assert Policy.objects.get(name="Usual").urgent_variant == urgent


def test_a_new_policy_that_will_not_do_is_refused_at_the_preview(ada: Client) -> None:
    page = ada.get("/settings/escalation/new/")

    refused = press(ada, page, "preview", name="At once", **{"0-others": "person:987654"})

    assert "Step 1: that person does not exist" in text(refused)
    assert not Policy.objects.filter(name="At once").exists()


def test_a_policy_in_use_is_not_retired(ada: Client) -> None:
    asked = ada.get(f"{address()}retire/")

    refused = forms.press(ada, asked)

    assert "Retire Usual? No kind and no promise can be given it any more." in text(asked)
    assert refused.status_code == 422
    assert "It is used by" in text(refused)
    assert Policy.objects.get(name="Usual").retired_at is None


@pytest.mark.parametrize("rows", ["-1", "x", "999999999999", "²"])
def test_a_form_that_no_browser_sends_breaks_nothing(ada: Client, rows: str) -> None:
    answer = ada.post(address(), {"press": "preview", "rows": rows, "based_on": "x"})

    assert answer.status_code == 422
    assert Policy.objects.get(name="Usual").versions.count() == 1
