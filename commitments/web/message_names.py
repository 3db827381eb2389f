"""What people call each of the house's messages, where a list names it.

Notifications ask by the setting NOTIFICATIONS_NAMES: they know a message by its template alone.
"""

from __future__ import annotations

from typing import Final

from .settings.wordings import TITLES

_OF_OURS: Final = {
    "reminder": "Reminder of a due time",
    "overdue": "A promise is overdue",
    "escalation": "Can you help?",
    "ask_again": "Is it in hand?",
    "decide": "A customer has not answered",
    "handed_over": "A promise for you",
    "handed_on": "A promise was handed on",
    "help_wanted": "Somebody asks for a hand",
    "update_due": "A word to the customer is due",
    "update_wanted": "How does it stand?",
    "reopened": "A promise is open again",
    "stands_in": "You stand in for somebody",
    "customer_wrote": "A customer wrote",
    "customer_disputes": "A customer says that something is off",
    "customer_still_open": "A customer says that something is still open",
    "low_rating": "A customer is unhappy",
    "undelivered": "A message did not get through",
    "unreached": "Somebody cannot be reached",
    "digest": "Your day",
    "thanks": "Thanks from a colleague",
    "weekly": "Your week, for managers",
    "report": "A report by mail",
    "bundle": "Several at once",
    "invitation": "Invitation",
    "new_password": "New password",
    "sign_in_changed": "How you sign in has changed",
    "verify_address": "Code for an address",
    "endpoint_off": "An endpoint is switched off",
    "test_mail": "Test of the mail server",
    "text_trial": "Test of a text",
}
_NAMES: Final = _OF_OURS | {str(template): title for template, (title, _) in TITLES.items()}


def of(template: str) -> str:
    """In words, also where a newer version has written a message that this one does not know."""
    return _NAMES.get(template) or template.replace("_", " ").capitalize()
