from notifications.models.contact import ContactPoint, Endpoint
from notifications.models.delivery import BUNDLE, CLOCKED, Attempt, Delivery, Ending, Phase, State
from notifications.models.inbox import InboxItem
from notifications.models.standing import AuditFinding, Breaker, JobRound, Mark, Suppression

__all__ = [
    "BUNDLE",
    "CLOCKED",
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
