"""Promises made before or elsewhere come in, each judged against its own time."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from commitments import services, starting
from commitments.models import Commitment, Customer, Membership, Role, Team, User
from commitments.rules import steps
from notifications.models import Delivery
from tests.commitments.imports.files import a_file, a_row, csv_of, written
from tests.makers import HOUR, NOON, a_draft, a_team, a_user, ana, events_of, tom

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def bring_in(path: Path, **options: object) -> list[str]:
    """What the command says, for Billing care at noon unless told otherwise."""
    said = io.StringIO()
    asked = {"team": "Billing care", "now": NOON.isoformat()} | options
    call_command("import_commitments", path, stdout=said, **asked)
    return said.getvalue().splitlines()


def refusal_of(path: Path, **options: object) -> tuple[list[str], str]:
    """What it lists, and in what words it gives up."""
    said = io.StringIO()
    asked = {"team": "Billing care", "now": NOON.isoformat()} | options
    with pytest.raises(CommandError) as refused:
        call_command("import_commitments", path, stdout=said, **asked)
    return said.getvalue().splitlines(), str(refused.value)


def test_a_row_becomes_a_promise_of_its_agent(tmp_path: Path) -> None:
    team = a_team()

    said = bring_in(a_file(tmp_path, a_row()))

    made = Commitment.objects.get()
    assert (made.owner, made.team, made.customer.email) == (ana(), team, "tom@customers.example")
    assert (made.promised_at, made.due_at.isoformat()) == (NOON, "2026-05-22T17:30:00+00:00")
    assert (made.wording, made.due_said) == ("Send the kettle's replacement part", "tomorrow")
    conversation = made.conversation
    assert (conversation.outside_reference, conversation.agent) == ("case-1", ana())
    assert said == [
        "1 promise imported for Billing care.",
        "0 promises there already, 0 rows repeated, 0 rows bad.",
        "0 agents and 1 customer added.",
    ]


def test_what_is_imported_keeps_why_it_is_due(tmp_path: Path) -> None:
    a_team()

    bring_in(
        a_file(
            tmp_path,
            a_row(due="within 2 business days"),
            a_row(conversation="case-2", due="", wording="Look into the second bill"),
        )
    )

    last = [
        steps.say(made.due_chain[-1], zone="UTC", now=NOON)
        for made in Commitment.objects.order_by("pk")
    ]
    assert last == [
        "Mon 25 May: working day 2, closing at 5:30 pm",
        "Fri 22 May: working day 1, closing at 5:30 pm",
    ]


def test_nobody_is_told_of_what_is_imported(tmp_path: Path) -> None:
    a_team()

    bring_in(a_file(tmp_path, a_row(), a_row(conversation="case-2", due="")))

    assert Commitment.objects.count() == 2
    assert not Delivery.objects.exists()


def test_a_promise_that_was_broken_long_ago_climbs_no_ladder(tmp_path: Path) -> None:
    a_team()

    bring_in(a_file(tmp_path, a_row(promised_at="2026-03-02T12:00:00Z")))

    assert events_of(Commitment.objects.get()) == ["made", *["passed_over"] * 4]


def test_a_phrase_that_is_not_understood_takes_the_usual_deadline_aloud(tmp_path: Path) -> None:
    a_team()

    said = bring_in(
        a_file(tmp_path, a_row(due="once the moon is blue"), a_row(due="", kind="visit"))
    )

    due = {each.kind.code: each.due_at.isoformat() for each in Commitment.objects.all()}
    assert due == {"followup": "2026-05-22T17:30:00+00:00"}  # the same promise, said twice
    assert said[0] == (
        "Line 2: “once the moon is blue” is not understood; Follow-up as usual, due Fri 22 May, "
        "5:30 pm."
    )
    assert said[1] == "Line 3 repeats line 2."


def test_a_phrase_that_names_an_earlier_time_takes_the_usual_deadline_aloud(tmp_path: Path) -> None:
    a_team()

    said = bring_in(a_file(tmp_path, a_row(due="today", promised_at="2026-05-21T19:00Z")))

    assert Commitment.objects.get().due_at.isoformat() == "2026-05-22T17:30:00+00:00"
    assert said[0].startswith("Line 2: “today” had passed already; Follow-up as usual, due Fri 22")


def test_times_without_an_offset_are_meant_in_the_zone(tmp_path: Path) -> None:
    a_team()
    path = a_file(tmp_path, a_row(promised_at="2026-05-21 08:00", due="tomorrow at 10:00"))

    bring_in(path, zone="America/New_York")

    made = Commitment.objects.get()
    assert (made.promised_at, made.due_at.isoformat()) == (NOON, "2026-05-22T14:00:00+00:00")


def test_a_second_import_adds_nothing(tmp_path: Path) -> None:
    a_team()
    path = a_file(tmp_path, a_row(), a_row(conversation="case-2"))

    bring_in(path)
    said = bring_in(path)

    assert said[:2] == [
        "0 promises imported for Billing care.",
        "2 promises there already, 0 rows repeated, 0 rows bad.",
    ]
    assert (Commitment.objects.count(), Customer.objects.count()) == (2, 1)


def test_an_interrupted_import_is_finished_by_another(tmp_path: Path) -> None:
    a_team()
    rows = [a_row(conversation=f"case-{number}") for number in range(5)]
    bring_in(a_file(tmp_path, *rows[:2]))

    bring_in(a_file(tmp_path, *rows))

    cases = Commitment.objects.order_by("pk").values_list("conversation__outside_reference")
    assert [case for (case,) in cases] == [f"case-{number}" for number in range(5)]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_make_every_promise_once(tmp_path: Path) -> None:
    a_team()
    path = a_file(tmp_path, *(a_row(conversation=f"case-{number}") for number in range(120)))
    with ThreadPoolExecutor(2) as two:
        said = list(two.map(lambda _: in_a_thread(path), range(2)))

    made = [int(lines[0].split()[0]) for lines in said]
    assert sum(made) == Commitment.objects.count() == 120
    assert Customer.objects.count() == 1


def in_a_thread(path: Path) -> list[str]:
    try:
        return bring_in(path)
    finally:
        connection.close()


def test_nothing_comes_in_while_one_row_is_bad(tmp_path: Path) -> None:
    a_team()
    path = a_file(tmp_path, a_row(), a_row(kind="refnd"), a_row(wording=" "))

    listed, refusal = refusal_of(path)

    assert [line.partition(":")[0] for line in listed] == ["Line 3 is bad", "Line 4 is bad"]
    assert refusal.startswith("Nothing is imported: 2 rows bad")
    assert not Commitment.objects.exists()
    assert not Customer.objects.exists()


def test_bad_rows_can_be_left_out(tmp_path: Path) -> None:
    a_team()
    path = a_file(tmp_path, a_row(), a_row(kind="refnd"), a_row(conversation="case-2"))

    said = bring_in(path, skip_bad=True)

    assert said[1] == "2 promises imported for Billing care."
    assert Commitment.objects.count() == 2


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"promised_at": "01/02/2026"}, "“01/02/2026” is not a date and a time"),
        ({"promised_at": "46054"}, "“46054” is not a date and a time"),
        ({"promised_at": "2026-05-21"}, "“2026-05-21” is not a date and a time"),
        ({"promised_at": "2026-02-30T10:00"}, "“2026-02-30T10:00” is no time that there is"),
        ({"promised_at": "0001-01-01T00:00+14:00"}, "lies too far away"),
        ({"promised_at": "9999-12-31T23:59-12:00"}, "lies too far away"),
        ({"due": "in 300 weeks"}, "more than five years ahead"),
        ({"wording": "x" * 501}, "keep it to 500"),
        ({"wording": "a\x00b"}, "contains a NUL"),
        ({"customer": ""}, "The customer's name is empty"),
        (
            {"customer_email": "a@b.example, c@d.example"},
            "customer_email “a@b.example, c@d.example”: ",
        ),
        ({"channel": "pigeon"}, "There is no channel “pigeon”"),
        ({"agent": "ana"}, "agent “ana”: Give one e-mail address"),
        ({"agent": "left@larkfield.example"}, "left@larkfield.example has left"),
        ({"agent": "other@larkfield.example"}, "other@larkfield.example is not in Billing care"),
        ({"agent": "noor@larkfield.example"}, "noor@larkfield.example only looks on as auditor"),
    ],
)
def test_a_bad_row_is_refused_in_a_sentence(
    tmp_path: Path, changed: dict[str, str], said: str
) -> None:
    team = a_team()
    a_user("Left Lately", is_active=False)
    a_user("Other Team")
    Membership.objects.create(user=a_user("Noor"), team=team, role=Role.AUDITOR)

    listed, _ = refusal_of(a_file(tmp_path, a_row(**changed)))

    assert len(listed) == 1
    assert listed[0].startswith("Line 2 is bad: ")
    assert said in listed[0]


def test_unknown_agents_and_customers_are_added(tmp_path: Path) -> None:
    team = a_team()
    path = a_file(
        tmp_path,
        a_row(agent="Omar.Haddad@Larkfield.example"),
        a_row(agent="ANA@larkfield.example", conversation="case-2"),
    )

    said = bring_in(path)

    omar = User.objects.get(email="omar.haddad@larkfield.example")
    assert (omar.name, omar.has_usable_password()) == ("Omar Haddad", False)
    assert Membership.objects.get(user=omar, team=team).role == Role.AGENT
    assert said[-1] == "1 agent and 1 customer added."
    assert Customer.objects.get().commitments.count() == 2


def test_unknown_agents_and_customers_are_refused_if_asked(tmp_path: Path) -> None:
    a_team()
    path = a_file(tmp_path, a_row(), a_row(agent="omar@larkfield.example"))

    listed, _ = refusal_of(path, unknown="refuse")

    assert listed == [
        "Line 2 is bad: Billing care does not know Tom Okafor.",
        "Line 3 is bad: Nobody here has the address omar@larkfield.example.",
    ]


def test_a_customer_of_the_team_is_known_by_the_address_in_any_case(tmp_path: Path) -> None:
    services.make(a_draft(), by=ana(), now=NOON)

    bring_in(a_file(tmp_path, a_row(customer_email="Tom@CUSTOMERS.example")), unknown="refuse")

    assert [each.customer for each in Commitment.objects.all()] == [tom(), tom()]


def test_without_an_address_a_customer_is_known_within_the_conversation(tmp_path: Path) -> None:
    a_team()
    path = a_file(
        tmp_path,
        a_row(customer_email="", wording="One"),
        a_row(customer_email="", wording="Two"),
        a_row(customer_email="", wording="Three", conversation="case-2"),
    )

    bring_in(path)

    assert Customer.objects.count() == 2


def test_a_row_without_an_agent_is_owned_by_nobody_yet(tmp_path: Path) -> None:
    a_team()

    bring_in(a_file(tmp_path, a_row(agent="")))

    assert Commitment.objects.get().owner is None


def test_cells_like_formulas_are_brought_in_word_for_word(tmp_path: Path) -> None:
    a_team()

    bring_in(a_file(tmp_path, a_row(wording="=1+1", customer="@SUM")))

    made = Commitment.objects.get()
    assert (made.wording, made.customer.name) == ("=1+1", "@SUM")


def test_a_dry_run_says_all_and_writes_nothing(tmp_path: Path) -> None:
    a_team()

    said = bring_in(a_file(tmp_path, a_row(agent="omar@larkfield.example")), dry_run=True)

    assert said == [
        "1 promise would be imported for Billing care.",
        "0 promises there already, 0 rows repeated, 0 rows bad.",
        "1 agent and 1 customer would be added.",
    ]
    assert not Commitment.objects.exists()
    assert not User.objects.filter(email="omar@larkfield.example").exists()


def test_in_an_empty_installation_the_team_becomes_the_first(tmp_path: Path) -> None:
    bring_in(a_file(tmp_path, a_row()), zone="Europe/Berlin")

    team = Team.objects.get()
    assert (team.name, team.calendar.zone) == ("Billing care", "Europe/Berlin")
    assert Commitment.objects.get().owner == ana()


def test_a_refused_file_leaves_no_first_team_behind(tmp_path: Path) -> None:
    refusal_of(a_file(tmp_path, a_row(kind="refnd")))
    refusal_of(written(tmp_path, csv_of().encode()))
    bring_in(a_file(tmp_path, a_row()), dry_run=True)

    assert not Team.objects.exists()
    assert not User.objects.exists()


def test_a_team_nobody_knows_is_refused_by_naming_those_there_are(tmp_path: Path) -> None:
    a_team()

    assert refusal_of(a_file(tmp_path, a_row()), team="Billing")[1] == (
        "There is no team “Billing”. There is: Billing care."
    )


def test_a_zone_nobody_knows_is_refused(tmp_path: Path) -> None:
    a_team()

    assert (
        "“Mars/Olympus” is not a time zone"
        in refusal_of(a_file(tmp_path, a_row()), zone="Mars/Olympus")[1]
    )


def test_an_imported_promise_is_followed_like_any_other(tmp_path: Path) -> None:
    starting.ensure(zone="UTC", now=NOON)
    a_team()

    bring_in(a_file(tmp_path, a_row(due="in 5 hours")))

    made = Commitment.objects.get()
    assert (made.next_action, made.next_action_at) == ("step", NOON + 3 * HOUR)
