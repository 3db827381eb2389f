"""What somebody outside proposes waits for a colleague; nothing in it is believed."""

from __future__ import annotations

from typing import Any

import pytest

from commitments.errors import CommitmentError
from commitments.models import (
    Commitment,
    Event,
    Membership,
    Role,
    Suggestion,
    SuggestionText,
)
from commitments.rules.lifecycle import NotAllowedError
from commitments.services import suggestions
from notifications.models import Delivery
from tests.makers import DAY, HOUR, MINUTE, NOON, a_draft, a_team, a_user, ana, dev, tom

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def proposed(**facts: Any) -> Suggestion:
    usual = {
        "team_id": a_team().pk,
        "source": "mail",
        "key": "<1@customers.example>",
        "said_at": NOON,
        "for_whom_id": ana().pk,
        "email": "tom@customers.example",
        "wording": "Send the part",
        "due_said": "fri10am",
        "due_at": NOON + 22 * HOUR,
        "said": "Hi Tom,\nI will send the part by Friday.",
    }
    return suggestions.propose(suggestions.Proposal(**usual | facts), now=NOON)


def test_what_is_proposed_is_no_promise_and_tells_nobody() -> None:
    draft = proposed()

    assert not Commitment.objects.exists()
    assert not Event.objects.exists()
    assert not Delivery.objects.exists()
    assert list(Suggestion.objects.waiting(NOON).put_to(ana())) == [draft]
    assert draft.words.wording == "Send the part"
    assert str(draft.words) == "Send the part"


def test_the_same_is_proposed_once() -> None:
    first, again = proposed(), proposed(wording="Something else")
    other = proposed(source="desk")

    assert first == again
    assert first != other
    assert SuggestionText.objects.count() == 2
    assert again.words.wording == "Send the part"


def test_it_is_seen_as_promises_are() -> None:
    mine, ours = proposed(), proposed(key="2", for_whom_id=None)
    elsewhere = a_user("Omar Haddad")
    Membership.objects.create(user=elsewhere, team=a_team("Field"), role=Role.AGENT)
    boss = a_user("Root Admin", is_superuser=True)

    def seen(user: Any) -> list[Suggestion]:
        return list(Suggestion.objects.visible_to(user).order_by("pk"))

    assert seen(ana()) == seen(dev()) == seen(boss) == [mine, ours]
    assert seen(elsewhere) == []
    assert list(Suggestion.objects.put_to(dev())) == [ours]
    assert list(Suggestion.objects.put_to(elsewhere)) == []


def test_what_is_accepted_is_promised_from_when_it_was_said() -> None:
    draft = proposed()

    made = suggestions.accept(draft.pk, a_draft(), by=ana(), now=NOON + HOUR)

    draft.refresh_from_db()
    assert (made.promised_at, made.revised_at) == (NOON, NOON + HOUR)
    assert (draft.outcome, draft.commitment, draft.settled_by) == ("accepted", made, ana())
    assert not Suggestion.objects.waiting(NOON + HOUR).exists()


def test_it_is_accepted_once() -> None:
    draft = proposed()
    suggestions.accept(draft.pk, a_draft(), by=ana(), now=NOON)

    with pytest.raises(CommitmentError, match="accepted already"):
        suggestions.accept(draft.pk, a_draft(), by=dev(), now=NOON)
    with pytest.raises(CommitmentError, match="accepted already"):
        suggestions.dismiss(draft.pk, by=dev(), now=NOON)

    assert Commitment.objects.count() == 1


def test_what_cannot_be_promised_leaves_it_waiting() -> None:
    draft = proposed()

    with pytest.raises(CommitmentError):
        suggestions.accept(draft.pk, a_draft(wording=" "), by=ana(), now=NOON)

    assert Suggestion.objects.waiting(NOON).get() == draft
    assert not Commitment.objects.exists()


def test_dismissed_twice_is_dismissed_once_and_is_not_accepted_then() -> None:
    draft = proposed()

    suggestions.dismiss(draft.pk, by=ana(), now=NOON)
    suggestions.dismiss(draft.pk, by=dev(), now=NOON + HOUR)

    with pytest.raises(CommitmentError, match="dismissed already"):
        suggestions.accept(draft.pk, a_draft(), by=ana(), now=NOON + HOUR)
    draft.refresh_from_db()
    assert (draft.outcome, draft.settled_at, draft.settled_by) == ("dismissed", NOON, ana())


def test_who_only_looks_settles_nothing() -> None:
    draft = proposed()
    auditor = a_user("Noor Aziz")
    Membership.objects.create(user=auditor, team=a_team(), role=Role.AUDITOR)

    with pytest.raises(NotAllowedError):
        suggestions.dismiss(draft.pk, by=auditor, now=NOON)
    with pytest.raises(NotAllowedError):
        suggestions.accept(draft.pk, a_draft(), by=auditor, now=NOON)

    assert Suggestion.objects.waiting(NOON).get() == draft


def test_after_a_week_it_is_too_old_and_its_words_go() -> None:
    draft = proposed()

    with pytest.raises(CommitmentError, match="too old"):
        suggestions.accept(draft.pk, a_draft(), by=ana(), now=NOON + 7 * DAY)
    assert suggestions.prune(NOON + 7 * DAY - MINUTE) == 0
    assert SuggestionText.objects.exists()
    assert suggestions.prune(NOON + 7 * DAY) == 1

    draft.refresh_from_db()
    assert draft.outcome == "expired"
    assert not SuggestionText.objects.exists()
    assert Suggestion.objects.get(pk=draft.pk).words.said == ""
    assert proposed() == draft  # and it is still known
    suggestions.prune(NOON + 37 * DAY)
    assert not Suggestion.objects.exists()


def test_the_words_of_what_is_settled_go_and_those_about_whoever_is_erased() -> None:
    accepted, kept = proposed(), proposed(key="2")
    proposed(key="3", customer_id=tom().pk)
    made = suggestions.accept(accepted.pk, a_draft(), by=ana(), now=NOON)
    customer = tom()
    customer.erased_at = NOON
    customer.save()

    suggestions.prune(NOON + HOUR)

    assert [text.suggestion for text in SuggestionText.objects.all()] == [kept]
    assert made.suggestion == accepted


def test_nobody_is_given_more_than_they_would_look_through(settings: Any) -> None:
    settings.COMMITMENTS_LENGTHS = {"suggestions_waiting_at_most": 2}
    proposed(), proposed(key="2")

    with pytest.raises(suggestions.TooManySuggestions, match="2 drafts wait already"):
        proposed(key="3")
    proposed()  # is known
    proposed(key="4", for_whom_id=dev().pk)

    assert Suggestion.objects.count() == 3


def test_whatever_is_proposed_can_be_kept() -> None:
    draft = proposed(
        name="\ud800\x00Tom\r\nBcc: x@y\u202e",
        email="<script>@x",
        phone="1" * 500,
        wording="\x07Send\x0bit\u0301" + "\u0301" * 90,
        due_said="x" * 5000,
        said="a\r\nb\x00\x1b[31m\u2028c\tz" + "y" * 9000,
        case="\u2028\n",
        case_url="javascript:alert(1)",
    )

    words = Suggestion.objects.get(pk=draft.pk).words
    assert words.name == "\ufffdTom Bcc: x@y\u202e"
    assert (words.email, words.case, words.case_url) == ("", "", "")
    assert words.phone.endswith("1 […]")
    assert words.wording == "Send it" + "\u0301" * 30
    assert words.said.startswith("a\nb[31m\nc\tz")
    assert words.said.endswith("y […]")
    assert len(words.said) == 4000
    assert len(words.due_said) == 200
