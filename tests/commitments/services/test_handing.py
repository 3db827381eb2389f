"""What another team was handed: it goes on with the talk in which it was promised."""

from __future__ import annotations

import pytest

from commitments import services
from commitments.models import Commitment
from tests.commitments.services.test_making_right import AT, SOON, a_remedy, late, make_right
from tests.makers import a_team, dev

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_amends_by_the_team_it_was_handed_to_belong_to_the_same_conversation() -> None:
    kettle = late()
    moves = a_team("Moves")
    services.hand_to_team(kettle.pk, by=dev(), team_id=moves.pk, now=AT)

    make_right(kettle, remedy=a_remedy(), now=SOON)

    amends = Commitment.objects.get(follows=kettle)
    assert (amends.team, amends.conversation) == (moves, kettle.conversation)
