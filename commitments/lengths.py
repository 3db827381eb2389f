"""How long things last and how many there may be: the one table of such figures.

`COMMITMENTS_LENGTHS` in the settings replaces any of them by name; tests and demonstrations shrink
them there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Any

from django.conf import settings


@dataclass(frozen=True, kw_only=True)
class Lengths:
    undo: timedelta = timedelta(seconds=30)  # nothing leaves for a customer before it ends
    skip_undo_within: timedelta = timedelta(minutes=1)  # of the old due time, when it is moved
    min_gap: timedelta = timedelta(hours=1)  # between two steps of a climb that came late
    catch_up_after: timedelta = timedelta(minutes=10)  # a step later than this is late
    # What nobody is there to send goes to no customer later than this: the owner is asked instead.
    stale_after: timedelta = timedelta(hours=4)
    check_in_stale_after: timedelta = timedelta(hours=24)
    second_breach_within: timedelta = timedelta(days=90)  # towards the same customer
    acknowledge_for: timedelta = timedelta(hours=2)  # working time
    cooldown: timedelta = timedelta(days=7)  # between two check-ins with one customer
    hold_at_most: timedelta = timedelta(days=30)
    answer_changed_within: timedelta = timedelta(days=14)  # after the first to a check-in
    answers_contradict_within: timedelta = timedelta(minutes=10)  # from two browsers
    put_off: timedelta = timedelta(minutes=15)  # a row that raised is left alone for so long
    round: timedelta = timedelta(seconds=20)
    still_open_within: timedelta = timedelta(hours=4)  # working time to the first answer
    release_taken_back_within: timedelta = timedelta(days=14)  # by a customer
    ask_again_after: timedelta = timedelta(hours=1)  # an owner how a promise stands
    once_key_kept: timedelta = timedelta(hours=24)
    suggestion_kept: timedelta = timedelta(days=7)  # what waits to be accepted
    # The same mail is taken once within this; providers and mail servers try again for days.
    mail_known_for: timedelta = timedelta(days=30)
    # None: for ever. RETENTION in the settings says these four in days.
    customer_kept: timedelta | None = timedelta(days=3 * 365)  # after the last that was heard
    absence_note_kept: timedelta | None = timedelta(days=180)  # after somebody came back
    quarantine_kept: timedelta | None = timedelta(days=14)  # mails that could not be taken
    tally_kept: timedelta | None = timedelta(days=400)  # how many mails came, day by day
    stray_file_kept: timedelta = timedelta(days=7)  # one that no row knows: see models.attachment
    # Of the customers' pages, by one link and by one address (behind which many may be).
    customer_pages_a_minute: int = 60
    customer_pages_a_minute_from_one_address: int = 300
    customer_answers_a_minute: int = 10
    customer_answers_a_minute_from_one_address: int = 60
    # By single sign-on, or by a passkey, from one address, behind which a whole shift may begin.
    sign_ins_begun_a_minute: int = 120
    dead_links_a_minute: int = 30  # from one address
    dead_links_alarm: int = 300  # from everywhere
    suggestions_waiting_at_most: int = 100  # for one person, or one team
    drafts_an_hour: int = 30  # by mail, from what says to be one person
    mails_a_minute: int = 30  # from what says to be one address
    quarantined_a_day: int = 200  # mails kept; more are counted only
    # Of the API, by one token or by somebody signed in to the pages.
    api_calls_a_minute: int = 600
    api_changes_a_minute: int = 120
    api_strangers_a_minute: int = 60  # from one address, with no token or a wrong one
    calendar_fetches_a_minute: int = 20  # of one feed
    calendar_fetches_a_minute_from_one_address: int = 300  # behind which many programs may be
    calendar_ahead_at_most: int = 400  # promises in a feed that are still to come
    calendar_overdue_at_most: int = 100  # and that are overdue, the last ones first
    exports_an_hour: int = 10  # by one person: of promises, or of all about a customer
    promises_on_a_page: int = 10  # of a customer, in full; what is beyond stands in lines
    listed_at_most: int = 2000  # promises counted and paged through; an export holds all
    searched_at_most: int = 3_000  # of the newest, where a list is asked for common words
    many_at_once: int = 200  # promises handed over together
    import_kept: timedelta = timedelta(days=14)  # the file, and what was said of its rows
    import_bytes_at_most: int = 10 * 1024 * 1024
    import_rows_at_most: int = 100_000
    import_in_passing: timedelta = timedelta(seconds=2)  # what a page does of it itself
    workbook_rows_at_most: int = 50_000  # promises in a workbook; a CSV holds all


def current() -> Lengths:
    """The figures in force."""
    return _in_force(tuple(settings.COMMITMENTS_LENGTHS.items()))


@cache
def _in_force(replaced: tuple[tuple[str, Any], ...]) -> Lengths:  # Any: each figure has its type
    return replace(Lengths(), **dict(replaced))
