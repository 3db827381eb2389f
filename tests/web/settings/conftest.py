"""An administrator in front of the settings."""

from __future__ import annotations

import pytest
from django.test import Client

from commitments.models import User
from tests.makers import a_team
from tests.web.pages import signed_in


@pytest.fixture
def ada() -> Client:
    """An administrator, signed in."""
    a_team()
    return signed_in(User.objects.create_superuser("ada@larkfield.example", "x", name="Ada Lowe"))
