"""What a promise is worth: what is usual, and the reason that is asked for beyond it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from commitments import services
from commitments.errors import CommitmentError
from commitments.models import Commitment, Kind, ValueReason
from commitments.models.valuing import currency_of, usual
from commitments.rules.usual_value import Usual
from tests import makers
from tests.makers import DAY, HOUR, MINUTE, NOON

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

REFUND = {"kind": "refund", "currency": "EUR", "summary": False}


def given(*values: int, **more: object) -> None:
    """Refunds as they came from elsewhere, where nobody is asked."""
    for value in values:
        makers.a_commitment(**REFUND | {"value": Decimal(value), "promised_at": NOON - DAY} | more)


def a_year() -> None:
    """Twenty of them, worth 1 to 20: usual are 2 to 18, with 10 in the middle."""
    given(*range(1, 21))


def refund(value: str, reason: str = "", **more: object) -> Commitment:
    worth = {"value": Decimal(value), "value_reason": reason}
    return makers.a_commitment(**REFUND | worth | more)


def usual_here(cause: str = "", currency: str = "EUR") -> Usual | None:
    kind = Kind.objects.get(code="refund")
    team = makers.a_team()
    return usual(team_id=team.pk, kind_id=kind.pk, currency=currency, cause=cause, now=NOON)


def test_what_was_given_for_the_kind_is_usual():
    a_year()

    assert usual_here() == Usual(low=Decimal(2), median=Decimal(10), high=Decimal(18), count=20)


def test_other_currencies_teams_and_kinds_are_not_looked_at():
    a_year()
    given(*[900] * 20, currency="USD")
    given(*[900] * 20, kind="credit")
    given(*[900] * 20, team=makers.a_team("Moves"))

    assert usual_here() == Usual(low=Decimal(2), median=Decimal(10), high=Decimal(18), count=20)


def test_what_was_not_given_after_all_is_not_looked_at():
    a_year()
    Commitment.objects.filter(value=20).update(status="broken", outcome="broken", closed_at=NOON)

    assert usual_here() is None


def test_what_is_more_than_a_year_old_is_forgotten():
    a_year()
    long_ago = {"promised_at": NOON - 400 * DAY, "first_due_at": NOON - 399 * DAY}
    Commitment.objects.filter(value=20).update(**long_ago)

    assert usual_here() is None


def test_enough_of_the_same_cause_are_usual_by_themselves():
    a_year()
    late = makers.a_commitment()
    Commitment.objects.filter(pk=late.pk).update(cause="system")
    given(*range(101, 121), follows_id=late.pk)

    of_cause = usual_here("system")
    of_another = usual_here("slipped")

    assert of_cause is not None
    assert (of_cause.low, of_cause.high, of_cause.is_of_cause) == (102, 118, True)
    assert of_another is not None
    assert (of_another.count, of_another.is_of_cause) == (40, False)


@pytest.mark.parametrize("value", ["2", "10", "18"])
def test_within_the_usual_nothing_is_asked(value: str):
    a_year()

    made = refund(value, reason="I say it all the same")

    assert made.value == Decimal(value)
    assert not ValueReason.objects.exists()


@pytest.mark.parametrize("value", ["1.99", "18.01", "500"])
def test_beyond_the_usual_a_reason_is_asked_for_and_nothing_made_without(value: str):
    a_year()
    before = Commitment.objects.count()

    with pytest.raises(CommitmentError, match=r"It is usually 2.00 to 18.00 EUR") as refused:
        refund(value)

    assert refused.value.field == "value_reason"
    assert Commitment.objects.count() == before


def test_the_reason_is_kept_beside_what_was_usual_then():
    a_year()

    made = refund("500", reason="The meter was wrong for two years.")

    kept = ValueReason.objects.get(commitment=made)
    assert (kept.words, kept.by) == ("The meter was wrong for two years.", makers.ana())
    assert (kept.low, kept.median, kept.high) == (Decimal(2), Decimal(10), Decimal(18))


def test_as_long_as_too_few_were_given_nothing_is_asked():
    given(*range(1, 20))

    assert refund("500").value == Decimal(500)


def test_what_comes_from_elsewhere_is_kept_as_it_is():
    a_year()

    given(500)

    assert Commitment.objects.filter(value=500).exists()
    assert not ValueReason.objects.exists()


@pytest.mark.parametrize(
    ("worth", "field"),
    [
        ({"value": Decimal(0)}, "value"),
        ({"value": Decimal(-5)}, "value"),
        ({"value": Decimal("1.005")}, "value"),
        ({"value": Decimal("1e11")}, "value"),
        ({"currency": ""}, "currency"),
        ({"currency": "euro"}, "currency"),
        ({"currency": "€"}, "currency"),
        ({"kind": "callback"}, "value"),
    ],
    ids=["0", "debt", "half a cent", "too much", "none", "long", "sign", "kind"],
)
def test_what_is_no_value_is_refused(worth: dict[str, object], field: str):
    makers.a_team()

    with pytest.raises(CommitmentError) as refused:
        makers.a_commitment(**REFUND | {"value": Decimal(5)} | worth)

    assert refused.value.field == field
    assert not Commitment.objects.exists()


@pytest.mark.parametrize("reason", ["a\x00b", "\ud800", "x" * 301], ids=range(3))
def test_a_reason_that_cannot_be_kept_is_refused(reason: str):
    a_year()

    with pytest.raises(CommitmentError) as refused:
        refund("500", reason=reason)

    assert refused.value.field == "value_reason"


def test_what_makes_up_for_something_is_held_against_the_same_cause():
    late = makers.a_commitment(due_at=NOON + HOUR)
    another = makers.a_commitment()
    Commitment.objects.filter(pk=another.pk).update(cause="system")
    given(*range(1, 21), follows_id=another.pk)
    amends = {
        "by": makers.ana(),
        "missed_at": late.due_at,
        "happened": "The mails lay.",
        "cause": "system",
        "new": services.NewTime(due_at=NOON + DAY),
        "told": services.Told.PHONE,
        "now": NOON + 2 * HOUR,
    }

    def make_right(reason: str) -> None:
        remedy = services.Remedy(
            wording="Refund the fee",
            kind_id=Kind.objects.get(code="refund").pk,
            due_at=NOON + 2 * DAY,
            value=Decimal(99),
            currency="EUR",
            value_reason=reason,
        )
        services.make_right(late.pk, remedy=remedy, **amends)

    with pytest.raises(CommitmentError, match=r"usually 2.00 to 18.00") as refused:
        make_right("")
    assert refused.value.field == "remedy_value_reason"
    assert makers.fresh(late).due_at == late.due_at

    make_right("He waited three weeks.")
    assert ValueReason.objects.get().commitment.follows == late


def test_taking_it_back_leaves_the_reason_where_it_is():
    a_year()
    made = refund("500", reason="Long wait", now=NOON)

    event = made.events.get(kind="made")
    services.undo(event.pk, by=makers.ana(), now=NOON + MINUTE / 6)

    assert ValueReason.objects.get(commitment=made).words == "Long wait"
    assert usual_here() == Usual(low=Decimal(2), median=Decimal(10), high=Decimal(18), count=20)


def test_a_team_gives_in_the_currency_in_which_it_gave_last():
    team = makers.a_team()
    assert currency_of(team.pk) == ""

    given(5, currency="GBP")
    given(5, currency="CHF", due_at=NOON + 2 * DAY)

    assert currency_of(team.pk) == "CHF"
