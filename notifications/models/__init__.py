from notifications.models.attempt import Attempt, Ending
from notifications.models.contact import ContactPoint, Endpoint
from notifications.models.delivery import (
    AGAIN,
    BUNDLE,
    CLOCKED,
    HAPPENED,
    Delivery,
    Phase,
    State,
)
from notifications.models.inbox import InboxItem
from notifications.models.standing import AuditFinding, Breaker, JobRound, Mark, Suppression

__all__ = [
    "AGAIN",
    "BUNDLE",
    "CLOCKED",
    "HAPPENED",
    "Attempt",
    "AuditFinding",
    "Breaker",
    "ContactPoint",
    "Delivery",
    "Ending",
    "Endpoint",
    "InboxItem",
    "JobRound",
    "Mark",
    "Phase",
    "State",
    "Suppression",
]
