"""API tokens and calendar feeds: what somebody has given out, a new one, and no more of one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commitments.house import calendar_feeds, service_accounts, tokens
from commitments.models import ApiToken, CalendarFeed, User
from commitments.models.access import Secret
from commitments.web import doors
from commitments.web.doors import StaffRequest, signed_in

from . import once_shown
from .once_shown import Given
from .token_forms import FeedForm, TokenForm

S = TypeVar("S", bound=Secret)

_DOES: Final = {
    ApiToken.Scope.READ: "Reads",
    ApiToken.Scope.WRITE: "Reads and writes",
    ApiToken.Scope.ADMIN: "Administers",
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One that was given out and not revoked; `does` is what it may, or shows."""

    it: Secret
    title: str
    does: str
    is_over: bool
    revoke_url: str


@signed_in
@require_safe
def show(request: StaffRequest) -> HttpResponse:
    """One's own; and for an administrator the services, which have tokens of their own."""
    now, user = timezone.now(), request.user
    feeds = CalendarFeed.objects.filter(user=user, revoked_at=None).select_related("team")
    context = {
        "tokens": rows_of(ApiToken.objects.filter(user=user, revoked_at=None), now=now),
        "feeds": [_feed_row(feed, now=now) for feed in feeds.order_by("-pk")],
        "services": service_accounts.every() if user.is_superuser else None,
        "section": "tokens",
    }
    return doors.page(request, "me/tokens.html", context, now=now)


@never_cache
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """A token of one's own."""
    back = reverse("web:tokens")
    return token_page(request, owner=request.user, back=back, now=timezone.now())


def token_page(request: StaffRequest, *, owner: User, back: str, now: datetime) -> HttpResponse:
    """The form of a new token of somebody's or of a service, and the token."""
    is_sent = request.method == "POST"
    form = TokenForm(request.POST if is_sent else None, administers=owner.is_superuser)

    def make() -> Given:
        said = form.cleaned_data
        _, secret = tokens.issue(
            owner,
            name=said["name"],
            scope=said["scope"],
            lasts=form.length,
            by_id=request.user.pk,
            now=now,
        )
        return Given(title=f"The token for {said['name']}", secret=secret, back=back)

    answer = once_shown.given(request, form, make, now=now) if is_sent else None
    context = {
        "form": form,
        "title": "New token" if owner == request.user else f"New token of {owner}",
        "lede": "It does what you may, under your name, as long as you may."
        if owner == request.user
        else f"It acts as {owner}, in its teams and under its name.",
        "goes": "Make the token",
        "back": back,
    }
    return answer or form_page(request, context, form=form, now=now)


@never_cache
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new_feed(request: StaffRequest) -> HttpResponse:
    """An address for a calendar program."""
    now, back, is_sent = timezone.now(), reverse("web:tokens"), request.method == "POST"
    form = FeedForm(request.POST if is_sent else None, teams=doors.teams_of(request.user))

    def make() -> Given:
        feed, secret = calendar_feeds.issue(
            request.user, team_id=form.team_id, lasts=form.length, now=now
        )
        url = settings.PUBLIC_URL + reverse("web:calendar_feed", args=[secret])
        title = f"Calendar feed: {_whose(feed)}"
        _, _, place = url.partition("://")
        return Given(title=title, secret=url, back=back, address=f"webcal://{place}")

    answer = once_shown.given(request, form, make, now=now) if is_sent else None
    context = {
        "form": form,
        "title": "New calendar feed",
        "lede": "Open promises as entries of your own calendar, each where it is due. Whoever has"
        " the address can read them, without e-mails and telephone numbers of customers.",
        "goes": "Make the feed",
        "back": back,
    }
    return answer or form_page(request, context, form=form, now=now)


@require_POST
@signed_in
def revoke(request: StaffRequest, pk: int) -> HttpResponse:
    """One's own, and for an administrator those of services; others' do not exist."""
    theirs = Q(user=request.user)
    theirs |= Q(user__is_service=True) if request.user.is_superuser else Q()
    token = get_object_or_404(ApiToken.objects.select_related("user"), theirs, pk=pk)
    tokens.revoke(token, by_id=request.user.pk, now=timezone.now())
    messages.success(request, f"{token.name or token.prefix} opens nothing from now on.")
    if token.user.is_service:
        return redirect("web:service", pk=token.user_id)
    return redirect("web:tokens")


@require_POST
@signed_in
def revoke_feed(request: StaffRequest, pk: int) -> HttpResponse:
    """One's own; others' do not exist."""
    feed = get_object_or_404(CalendarFeed, user=request.user, pk=pk)
    calendar_feeds.revoke(feed, now=timezone.now())
    messages.success(request, "That calendar learns nothing new from now on.")
    return redirect("web:tokens")


def rows_of(found: Iterable[ApiToken], *, now: datetime) -> list[Row]:
    """The last made first."""
    return [
        Row(
            it=token,
            title=token.name or "Without a name",
            does=_DOES[ApiToken.Scope(token.scope)],
            is_over=token.is_over(now),
            revoke_url=reverse("web:revoke_token", args=[token.pk]),
        )
        for token in sorted(found, key=lambda each: -each.pk)
    ]


def form_page(
    request: StaffRequest, context: dict[str, object], *, form: object, now: datetime
) -> HttpResponse:
    """One form and nothing else."""
    status = 422 if request.method == "POST" else 200
    frame = {**context, "form": form, "section": "tokens"}
    return doors.page(request, "me/token_form.html", frame, now=now, status=status)


def _feed_row(feed: CalendarFeed, *, now: datetime) -> Row:
    return Row(
        it=feed,
        title=_whose(feed),
        does="Calendar",
        is_over=feed.is_over(now),
        revoke_url=reverse("web:revoke_feed", args=[feed.pk]),
    )


def _whose(feed: CalendarFeed) -> str:
    return f"All of {feed.team}" if feed.team else "My own promises"
