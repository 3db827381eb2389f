"""What people do with a promise.

Each verb is one transaction: it holds the row, records a breach whose moment has come, asks
`lifecycle`, changes, records its event, and sets the clock.
"""

from .answering import answer, check_is_awaited, hide_from_page, renew_link, show_on_page
from .asking import ask_for_update
from .bringing_in import Made, make_many
from .calling import attempt
from .closing import abandon, fulfil, release, reopen, void
from .handing import hand_to_team, reassign
from .heard import (
    SentAlong,
    ask_other_time,
    confirm,
    dispute,
    may_take_back_release,
    need_after_all,
    need_no_more,
    not_done,
    reply,
    stop_mails,
)
from .making import Draft, NotTogether, ground_of_caller, make, make_on, make_together
from .making_right import Remedy, make_right, name_cause
from .meeting import Details, Met, customer_for, edit_customer, known_customer, meet
from .merging import merge
from .moving import NewTime, Told, move
from .nudging import nudge
from .recapping import recap
from .reviewing import Findings, begin_review, decide, edit_review, leave_out, look_at
from .talking import acknowledge, help, resume, update, wait  # noqa: A004 - a verb
from .thanking import thank
from .undoing import undo
from .wanting import write_after_all

__all__ = [
    "Details",
    "Draft",
    "Findings",
    "Made",
    "Met",
    "NewTime",
    "NotTogether",
    "Remedy",
    "SentAlong",
    "Told",
    "abandon",
    "acknowledge",
    "answer",
    "ask_for_update",
    "ask_other_time",
    "attempt",
    "begin_review",
    "check_is_awaited",
    "confirm",
    "customer_for",
    "decide",
    "dispute",
    "edit_customer",
    "edit_review",
    "fulfil",
    "ground_of_caller",
    "hand_to_team",
    "help",
    "hide_from_page",
    "known_customer",
    "leave_out",
    "look_at",
    "make",
    "make_many",
    "make_on",
    "make_right",
    "make_together",
    "may_take_back_release",
    "meet",
    "merge",
    "move",
    "name_cause",
    "need_after_all",
    "need_no_more",
    "not_done",
    "nudge",
    "reassign",
    "recap",
    "release",
    "renew_link",
    "reopen",
    "reply",
    "resume",
    "show_on_page",
    "stop_mails",
    "thank",
    "undo",
    "update",
    "void",
    "wait",
    "write_after_all",
]
