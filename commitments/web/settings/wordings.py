"""Settings, Messages: what each mail to customers says, ours beside the standard.

A look at words that are not saved: they are kept in the session, from which the frames that show
the mail read them. A frame has a content policy of its own, in which nothing runs and nothing is
fetched; that the page around it keeps.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from csp.decorators import csp, csp_update
from django.contrib import messages as notes
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from commitments import messages, spoken
from commitments.house import wordings
from commitments.house.wordings import Wording
from commitments.messages import samples, texts
from commitments.messages.samples import Sample
from commitments.messages.texts import Template, Text
from commitments.web.doors import StaffRequest
from commitments.web.once import Answer

from . import frame, sure
from .frame import administrator
from .wording_forms import WordingForm

_SECTION: Final = "messages"
_DRAFT: Final = "message_text"
_FRAMED: Final = {
    "sandbox": [True],
    "style-src": ["'unsafe-inline'"],
    "frame-ancestors": ["'self'"],
}
_ASKS_FOR_DARK: Final = re.compile(r"@media \(prefers-color-scheme:dark\)")
_LOOKS: Final = {"light": "@media not all", "dark": "@media all"}
_FROM_NOW_ON: Final = (
    "Changes apply to mails written from now on; what is on its way stays as it is."
)

TITLES: Final[dict[Template, tuple[str, str]]] = {
    Template.AGREEMENT: ("What we agreed", "After a promise is logged"),
    Template.RECAP: ("All of one call", "When somebody sends one summary of several promises"),
    Template.PROGRESS: ("Update", "When somebody writes to the customer"),
    Template.NEW_TIME: ("New time, told first", "When a promise is moved before its time"),
    Template.SLIP: ("New time, told late", "When a promise is moved after its time has passed"),
    Template.SLIP_NOTE: ("Late, by itself", "When a policy tells the customer that it is late"),
    Template.SLIP_REASON: ("Late, with a reason", "The same, where the policy gives a reason"),
    Template.NEED: ("One thing we need", "When we begin to wait for the customer"),
    Template.NUDGE: ("Reminder of it", "When we have waited for some days"),
    Template.DONE: ("Done", "When a promise is kept"),
    Template.CHECK_IN: ("How did it go?", "Some days after it was kept"),
    Template.STILL_OPEN: ("Still open, heard", "When the customer says that something is open"),
    Template.CANNOT_KEEP: ("We cannot keep it", "When we give a promise up"),
}


@dataclass(frozen=True, kw_only=True)
class Row:
    title: str
    when: str
    languages: list[tuple[str, str, Wording]]  # its name, the page's address, what it says


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One version of a mail beside the other; `frame` is the address of its HTML."""

    title: str
    sample: Sample
    frame: str


@administrator
@require_safe
def show(request: StaffRequest) -> HttpResponse:
    """Every mail in every language; one query for all."""
    now, named = timezone.now(), dict(spoken.languages())
    rows = [Row(title=title, when=when, languages=[]) for title, when in TITLES.values()]
    by_template = dict(zip(TITLES, rows, strict=True))
    for each in wordings.every():
        languages = by_template[each.template].languages
        languages.append((named[each.language], _address(each), each))
    return frame.page(request, "wordings.html", {"rows": rows}, section=_SECTION, now=now)


@csp_update({"frame-src": ["'self'"]})
@administrator
def edit(request: StaffRequest, template: str, language: str) -> HttpResponse:
    """One mail in one language, and what it looks like beside the standard."""
    now, wording = timezone.now(), _known(template, language)
    if request.method != "POST":
        return _page(request, wording, WordingForm(wording=wording), now=now)
    form = WordingForm(request.POST, wording=wording)
    press = request.POST.get("press")
    if press in {"preview", "test"}:
        return _try(request, wording, form, is_mailed=press == "test", now=now)
    act = partial(_save, request, form, now=now)
    return frame.saved(request, form, act, now=now) or _page(request, wording, form, now=now)


def _save(request: StaffRequest, form: WordingForm, *, now: datetime) -> Answer:
    wording, seen = form.wording, form.cleaned_data["seen"]
    wordings.save(
        wording.template, wording.language, form.text, by=request.user, seen_mark=seen, now=now
    )
    title = TITLES[wording.template][0]
    return Answer(location=reverse("web:wordings"), said=f"“{title}” is saved. {_FROM_NOW_ON}")


def _try(
    request: StaffRequest, wording: Wording, form: WordingForm, *, is_mailed: bool, now: datetime
) -> HttpResponse:
    """Look at what is typed, or have it sent to oneself. It is not saved."""
    if not form.is_valid():
        return _page(request, wording, form, now=now)
    text = form.text
    request.session[_DRAFT] = {
        "of": _name(wording), "subject": text.subject, "heading": text.heading, "body": text.body,
    }  # fmt: skip
    if is_mailed:
        _mail(request, wording, text, now=now)
    return _page(request, wording, form, draft=text, now=now)


def _mail(request: StaffRequest, wording: Wording, text: Text, *, now: datetime) -> None:
    """Pressed twice within a minute, it is one."""
    sample = samples.of(wording.template, text, language=wording.language, now=now)
    key = f"user:{request.user.pk}:text:{_name(wording)}:{now:%Y%m%d%H%M}"
    trial = samples.trial(sample, key=key, to=request.user, language=wording.language, now=now)
    messages.send([trial], now=now)
    notes.success(request, f"A test is on its way to {request.user.email}. Nothing is saved yet.")


def _page(
    request: StaffRequest,
    wording: Wording,
    form: WordingForm,
    *,
    draft: Text | None = None,
    now: datetime,
) -> HttpResponse:
    template, language = wording.template, wording.language
    title, when = TITLES[template]
    context = {
        "form": form,
        "title": f"{title}, {dict(spoken.languages())[language]}",
        "lede": f"{when}.",
        "over": "Messages",
        "back": reverse("web:wordings"),
        "keeps": _FROM_NOW_ON,
        "row": wording.row,
        "shown": _side_by_side(wording, draft, now=now),
        "language": language,
        "placeholders": [(name, texts.MEANINGS[name]) for name in texts.PLACEHOLDERS[template]],
        "ways_out": [("Back to the standard", reverse("web:standard_wording", args=_args(wording)))]
        if wording.row
        else [],
    }
    status = 422 if form.errors else 200
    return frame.page(request, "wording.html", context, section=_SECTION, now=now, status=status)


def _side_by_side(wording: Wording, draft: Text | None, *, now: datetime) -> list[Shown]:
    """What is typed, or what is in force; and beside it the standard, where that is another."""
    template, language = wording.template, wording.language
    standard = wordings.standard(template, language)
    own = draft or wording.text
    which = "draft" if draft else "own"
    title = "What you typed" if draft else "Ours, in force"
    shown = [("The standard", "standard", standard)]
    if own != standard:
        shown.insert(0, (title, which, own))
    return [
        Shown(
            title=said,
            sample=samples.of(template, text, language=language, now=now),
            frame=reverse("web:wording_frame", args=[*_args(wording), name]),
        )
        for said, name, text in shown
    ]


@csp(_FRAMED)
@never_cache
@require_safe
@administrator
@xframe_options_sameorigin
def look(request: StaffRequest, template: str, language: str, which: str) -> HttpResponse:
    """The HTML of one version alone, in the light or the dark."""
    wording = _known(template, language)
    text = _text(request, wording, which)
    sample = samples.of(wording.template, text, language=language, now=timezone.now())
    forced = _LOOKS.get(request.GET.get("look", ""), "")
    html = _ASKS_FOR_DARK.sub(forced, sample.html) if forced else sample.html
    return HttpResponse(html)


def _text(request: StaffRequest, wording: Wording, which: str) -> Text:
    if which == "own":
        return wording.text
    if which == "standard":
        return wordings.standard(wording.template, wording.language)
    draft = request.session.get(_DRAFT)
    if which != "draft" or not draft or draft["of"] != _name(wording):
        raise Http404("Nobody typed that.")
    return Text.of(subject=draft["subject"], heading=draft["heading"], body=draft["body"])


@administrator
def standard(request: StaffRequest, template: str, language: str) -> HttpResponse:
    """Asks before our own text gives way to the standard one."""
    now, wording = timezone.now(), _known(template, language)
    if request.method != "POST" and wording.row is None:
        return redirect("web:wording", template, language)
    title = TITLES[wording.template][0]
    question = sure.Question(
        title=f"Take the standard text for “{title}” again?",
        consequence="Mails written from now on say what comes with the house. Your own text stays"
        " in its history, and can be typed again.",
        goes="Take the standard",
        back=_address(wording),
        section=_SECTION,
    )

    def act() -> Answer:
        wordings.back_to_standard(wording.template, language, by=request.user, now=now)
        return Answer(location=reverse("web:wordings"), said=f"“{title}” is the standard again.")

    return sure.ask(request, lambda: question, act, now=now)


def _known(template: str, language: str) -> Wording:
    if template not in set(Template) or language not in dict(spoken.languages()):
        raise Http404("No such message.")
    return wordings.one(Template(template), language)


def _address(wording: Wording) -> str:
    return reverse("web:wording", args=_args(wording))


def _args(wording: Wording) -> list[str]:
    return [wording.template.value, wording.language]


def _name(wording: Wording) -> str:
    return ":".join(_args(wording))
