from notifications.models.contact import ContactPoint, Endpoint
from notifications.models.delivery import CLOCKED, Attempt, Delivery, Ending, Phase, State
from notifications.models.inbox import InboxItem
from notifications.models.standing import Breaker, JobRound, Suppression

__all__ = [
    "CLOCKED",
    "Attempt",
    "Breaker",
    "ContactPoint",
    "Delivery",
    "Ending",
    "Endpoint",
    "InboxItem",
    "JobRound",
    "Phase",
    "State",
    "Suppression",
]
