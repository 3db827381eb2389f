"""The tables. Models answer, QuerySets name sets; what people do lives in `services`."""

from .access import ApiToken, CalendarFeed, OnceKey
from .attachment import Attachment
from .brand import Brand, MessageText
from .breaches import Breaches
from .calling import CallAttempt
from .checkin import CheckIn, CheckInAnswer, CheckInItem, Done
from .commitment import Commitment
from .conversation import Channel, Conversation
from .event import Event, EventKind, EventText, Occurrence
from .figures import FigureDay, FigureNote, KeptFigure, LastingFigure, RatedFigure
from .help_desk import HelpDesk
from .hours import Calendar, Holiday, OpeningHours, Relook
from .importing import Import, ImportRemark
from .inbound import MailTally, QuarantinedMail
from .kind import Kind
from .people import Absence, Customer, Membership, Role, Team, User
from .policy import Policy, PolicyVersion, Replan, Step
from .review import Decision, Review, ReviewedPromise
from .saved_view import SavedView
from .schedule import Schedule
from .signing_in import SecondStepDuty, Session
from .subscription import Subscription
from .suggestion import Suggestion, SuggestionText
from .thanks import Thanks
from .valuing import ValueReason

__all__ = [
    "Absence",
    "ApiToken",
    "Attachment",
    "Brand",
    "Breaches",
    "Calendar",
    "CalendarFeed",
    "CallAttempt",
    "Channel",
    "CheckIn",
    "CheckInAnswer",
    "CheckInItem",
    "Commitment",
    "Conversation",
    "Customer",
    "Decision",
    "Done",
    "Event",
    "EventKind",
    "EventText",
    "FigureDay",
    "FigureNote",
    "HelpDesk",
    "Holiday",
    "Import",
    "ImportRemark",
    "KeptFigure",
    "Kind",
    "LastingFigure",
    "MailTally",
    "Membership",
    "MessageText",
    "Occurrence",
    "OnceKey",
    "OpeningHours",
    "Policy",
    "PolicyVersion",
    "QuarantinedMail",
    "RatedFigure",
    "Relook",
    "Replan",
    "Review",
    "ReviewedPromise",
    "Role",
    "SavedView",
    "Schedule",
    "SecondStepDuty",
    "Session",
    "Step",
    "Subscription",
    "Suggestion",
    "SuggestionText",
    "Team",
    "Thanks",
    "User",
    "ValueReason",
]
