"""A ladder in plain sentences."""

from __future__ import annotations

import pytest

from commitments.rules import ladder_words
from commitments.rules.ladder import Basis, Step

HOUR = 3600


def a_step(basis: Basis, offset: int, *audience: str, **more: object) -> Step:
    return Step(
        number=1, basis=basis, offset=offset, audience=audience or ("owner",),
        **more,  # type: ignore[arg-type]  # by name
    )  # fmt: skip


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        (
            a_step(Basis.WORKING, -2 * HOUR),
            "2 working hours before it is due, the owner is reminded.",
        ),
        (
            a_step(Basis.WORKING, 0, "owner", "deputy"),
            "When it is due, the owner and the deputy are reminded.",
        ),
        (
            a_step(Basis.WORKING, 2 * HOUR, "lead"),
            "2 working hours after it was due, the team lead is asked to help.",
        ),
        (
            a_step(Basis.WORKING_DAYS, 1, "manager", "customer"),
            (
                "1 working day after it was due, the manager is asked to help, and the customer"
                " gets an automatic note."
            ),
        ),
        (
            a_step(Basis.PERCENT, 75, "owner", "person:7"),
            "When 75 % of the time given is over, the owner and Dev Shah are reminded.",
        ),
        (
            a_step(Basis.ELAPSED, 2 * 24 * HOUR, "role:agent", "webhook:3"),
            (
                "2 days after it was due, every agent of the team is asked to help, and the wall"
                " display is told."
            ),
        ),
        (
            a_step(Basis.ELAPSED, 90 * 60, "manager"),
            "1 hour and 30 minutes after it was due, the manager is asked to help.",
        ),
        (
            a_step(Basis.WORKING, 20 * 60, "owner", "lead", "manager"),
            (
                "20 working minutes after it was due, the owner is reminded, and the team lead and"
                " the manager are asked to help."
            ),
        ),
    ],
)
def test_each_step_is_a_sentence(step: Step, sentence: str) -> None:
    names = {"person:7": "Dev Shah", "webhook:3": "the wall display"}

    assert ladder_words.summary((step,), names) == [sentence]


def test_what_else_a_step_does_is_said_behind_it() -> None:
    step = a_step(
        Basis.WORKING, 4 * HOUR, "lead", "customer",
        words="The courier is late.", hands_to="lead", repeat_every=2 * HOUR, repeat_cap=3,
        pierces_quiet=True,
    )  # fmt: skip

    assert ladder_words.sentence(step) == (
        "4 working hours after it was due, the team lead is asked to help, and the customer gets an"
        " automatic note. The customer reads: “The courier is late.” The promise is handed to the"
        " team lead. It is said again every 2 working hours, at most 3 times. It is sent in quiet"
        " hours too."
    )


def test_somebody_without_a_name_is_said_to_be_gone() -> None:
    step = a_step(Basis.WORKING, 0, "person:7")

    assert "somebody who is no longer here" in ladder_words.sentence(step)
