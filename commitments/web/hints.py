"""What a word of the line could go on as: the list under it, while somebody is typing.

Nothing is chosen here. Each hint carries the word that would be written, which is then read like
any other; names that several people bear are told apart by an address.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from commitments.models import Conversation, Customer, Kind, Team, User
from commitments.rules import saying

from . import colleagues, customers, doors
from .doors import StaffRequest, signed_in

MOST = 6
_READ = 30  # of which the nearest are shown
_LONGEST = 60
_CHANNELS = (("phone", "Call"), ("email", "E-mail"), ("post", "Post"))
_SPOKEN = {"phone": "called", "email": "wrote", "chat": "chatted"}
_NEARBY = ("Today", "Yesterday")


@dataclass(frozen=True, kw_only=True)
class Hint:
    """One thing to take: `word` is written into the line, `name` and `aside` are read."""

    word: str
    name: str
    aside: str = ""
    initials: str = ""


@require_POST
@signed_in
def show(request: StaffRequest) -> HttpResponse:
    """The options for a word that begins with @ # > or ~; nothing for any other."""
    word = request.POST.get("word", "")[:_LONGEST].replace("\0", "")
    word = word.encode("utf-8", "ignore").decode()  # half a character, which no database takes
    found = hints_for(word, user=request.user, now=timezone.now())
    return render(request, "commitments/web/hints.html", {"hints": found})


def hints_for(word: str, *, user: User, now: datetime) -> list[Hint]:
    mark, asked = word[:1], word[1:].strip('"“”„ ').replace("_", " ").casefold()
    teams = doors.teams_of(user, acting=True) if mark and mark in "@#>~" else []
    if not teams:
        return []
    match mark:
        case "@":
            return _people(asked, teams=teams, zone=user.zone, now=now)
        case "#" if asked[:1].isdigit():
            return _cases(asked, teams=teams)
        case "#":
            return _kinds(asked)
        case ">":
            return _keepers(asked, user=user, teams=teams)
    return [Hint(word=f"~{way}", name=name) for way, name in _CHANNELS if way.startswith(asked)]


def _people(start: str, *, teams: Sequence[Team], zone: str, now: datetime) -> list[Hint]:
    found = customers.beginning(start, teams=teams, most=_READ) if start else []
    talks = Conversation.objects.filter(customer__in=found, team__in=teams)
    latest = {talk.customer_id: talk for talk in talks.order_by("at", "pk")}
    found.sort(key=lambda one: _nearness(one, start, latest.get(one.pk)))
    names = [one.name.casefold() for one in found]
    return [
        Hint(
            word=_naming(one, is_alone=names.count(one.name.casefold()) == 1),
            name=one.name,
            aside=_last_spoken(latest.get(one.pk), zone=zone, now=now),
            initials=_initials(one.name),
        )
        for one in found[:MOST]
    ]


def _nearness(customer: Customer, start: str, talk: Conversation | None) -> tuple[bool, float]:
    """Those whose name begins like it come first, and of them whoever was spoken with last."""
    return not customer.name.casefold().startswith(start), -talk.at.timestamp() if talk else 0.0


def _naming(customer: Customer, *, is_alone: bool) -> str:
    address = customer.email or customer.phone
    if address and not is_alone:
        return f'@"{address}"'
    return _quoted("@", customer.name)


def _last_spoken(talk: Conversation | None, *, zone: str, now: datetime) -> str:
    """`Case 48213 · called today`."""
    if talk is None:
        return ""
    day = saying.say_day_nearby(talk.at, zone=zone, now=now)
    spoken = f"{_SPOKEN.get(talk.channel, 'spoke')} {day.lower() if day in _NEARBY else day}"
    return f"Case {talk.outside_reference} · {spoken}" if talk.outside_reference else spoken


def _cases(start: str, *, teams: Sequence[Team]) -> list[Hint]:
    """Cases that begin like this, the newest first."""
    fitting = Conversation.objects.filter(
        team__in=teams, outside_reference__startswith=start, customer__erased_at=None
    )
    newest = fitting.select_related("customer").order_by("-pk")[: MOST * 2]
    by_case = {talk.outside_reference: talk for talk in reversed(newest)}
    shown = sorted(by_case.values(), key=lambda talk: -talk.pk)[:MOST]
    return [
        Hint(
            word=_quoted("#", talk.outside_reference),
            name=talk.customer.name,
            aside=f"Case {talk.outside_reference}",
            initials=_initials(talk.customer.name),
        )
        for talk in shown
    ]


def _kinds(start: str) -> list[Hint]:
    folded = _folded(start)
    fitting = [
        kind
        for kind in Kind.objects.for_customers()
        if _folded(kind.name).startswith(folded) or _folded(kind.code).startswith(folded)
    ]
    return [
        Hint(word=f"#{kind.code}", name=kind.name, aside=kind.usual_wording)
        for kind in fitting[:MOST]
    ]


def _keepers(start: str, *, user: User, teams: Sequence[Team]) -> list[Hint]:
    people = [
        Hint(word=_quoted(">", str(one)), name=str(one), initials=one.initials)
        for one in colleagues.of(user, teams=teams)
    ]
    groups = [Hint(word=_quoted(">", team.name), name=team.name, aside="Team") for team in teams]
    return list(_first(hint for hint in (*people, *groups) if _begins(start, hint.name)))


def _first(hints: Iterable[Hint]) -> Iterator[Hint]:
    for _, hint in zip(range(MOST), hints, strict=False):
        yield hint


def _begins(start: str, name: str) -> bool:
    words = name.casefold()
    return words.startswith(start) or any(word.startswith(start) for word in words.split())


def _quoted(mark: str, name: str) -> str:
    """As the line takes it whole: a name of several words in quotes, which it cannot hold."""
    plain = " ".join(name.replace('"', " ").split())
    return f'{mark}"{plain}"' if " " in plain else f"{mark}{plain}"


def _initials(name: str) -> str:
    words = name.split() or ["?"]
    return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper()


def _folded(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
