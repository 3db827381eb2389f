"""Nudge: remind the customer of the one thing we need, today rather than on its day."""

from __future__ import annotations

from commitments import services
from commitments.messages.customer import Template
from commitments.models import Commitment

from .verb_forms import VerbForm


class NudgeForm(VerbForm):
    verb = "nudge"
    mail = Template.NUDGE
    writes_to_customer = True
    title = "Nudge {first}"
    button = "Send the reminder"
    intro = (
        "A short, friendly reminder of what we need. Our own would have gone out later; "
        "it does not follow this one."
    )

    def act(self) -> Commitment:
        return services.nudge(self.commitment.pk, by=self.user, now=self.now)

    def said(self, commitment: Commitment) -> str:
        return f"Reminder noted. {self.hears()}"
