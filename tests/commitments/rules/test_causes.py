"""Why something was not in time: a short list, and when it is asked for."""

from __future__ import annotations

import pytest

from commitments.errors import CommitmentError
from commitments.rules import causes
from commitments.rules.causes import Cause


def test_every_cause_has_words_and_blames_nobody() -> None:
    assert set(causes.SAID) == set(Cause)
    for said in causes.SAID.values():
        assert not {"fault", "failed", "blame"} & set(said.lower().split())


def test_a_cause_is_said_in_words_and_an_older_one_as_it_is() -> None:
    assert causes.said("too_tight") == "The time we gave was too tight"
    assert causes.said("weather") == "weather"
    assert causes.said("") == ""


@pytest.mark.parametrize("wrong", ["", "weather", "TOO_TIGHT", " too_tight"])
def test_what_the_list_does_not_have_is_refused_with_the_list(wrong: str) -> None:
    with pytest.raises(CommitmentError, match="too_tight, took_longer, too_much") as refused:
        causes.known(wrong)

    assert refused.value.field == "cause"


@pytest.mark.parametrize(
    ("given", "known_before", "is_broken", "kept"),
    [
        ("system", "", True, "system"),
        ("", "outside", True, "outside"),
        ("system", "outside", True, "system"),
        ("", "", False, ""),
        ("system", "", False, ""),
        ("", "outside", False, "outside"),
    ],
)
def test_a_promise_closes_with_what_explains_it(
    given: str, known_before: str, is_broken: bool, kept: str
) -> None:
    found = causes.at_the_end(given, known_before=known_before, is_broken=is_broken)

    assert found == kept


@pytest.mark.parametrize("given", ["", "weather"])
def test_what_is_broken_does_not_close_unexplained(given: str) -> None:
    with pytest.raises(CommitmentError) as refused:
        causes.at_the_end(given, known_before="", is_broken=True)

    assert refused.value.field == "cause"
