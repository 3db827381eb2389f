"""The addresses of the staff pages."""

from __future__ import annotations

from django.urls import include, path

from . import (
    absences,
    attachments,
    bookmarklet,
    from_chat,
    hints,
    home,
    mail_hook,
    my_promises,
    new_promise,
    promise_page,
    recap,
    suggest,
    thanks,
    undo,
    verbs,
)
from .feeds import door as feeds
from .reports import values

app_name = "web"

urlpatterns = [
    path("", home.show, name="home"),
    path("", include("commitments.web.lists.urls")),
    path("team/", include("commitments.web.team.urls")),
    path("reminders/", include("commitments.web.bell.urls")),
    path("calls/", include("commitments.web.calls.urls")),
    path("settings/", include("commitments.web.settings.urls")),
    path("", include("commitments.web.me.urls")),
    path("me/thanks/", thanks.show, name="thanks"),
    path("me/absences/", absences.show, name="absences"),
    path("me/absences/<int:pk>/", absences.change, name="absence"),
    path("me/absences/<int:pk>/end/", absences.end, name="end_absence"),
    path("promises/mine/", my_promises.show, name="mine"),
    path("promises/new/", new_promise.show, name="new"),
    path("promises/read/", new_promise.read, name="read"),
    path("promises/bookmarklet/", bookmarklet.show, name="bookmarklet"),
    path("promises/hints/", hints.show, name="hints"),
    path("promises/import/", include("commitments.web.imports.urls")),
    path("promises/suggest/", suggest.show, name="suggest"),
    path("promises/recap/<int:pk>/", recap.show, name="recap"),
    path("promises/drafts/", include("commitments.web.drafts.urls")),
    path("promises/<str:ref>/", promise_page.show, name="promise"),
    path("promises/<str:ref>/files/<int:pk>/", attachments.download, name="attachment"),
    path("promises/<str:ref>/<slug:verb>/", verbs.show, name="verb"),
    path("reports/", include("commitments.web.reports.urls")),
    path("reports/reviews/", include("commitments.web.reviews.urls")),
    path("reports/values/", values.show, name="values"),
    path("reports/values.csv", values.csv, name="values_csv"),
    path("hooks/inbound/<slug:provider>/", mail_hook.receive, name="inbound_mail"),
    path("calendar/<str:token>.ics", feeds.show, name="calendar_feed"),
    path("chat/<str:token>/", from_chat.show, name="from_chat"),
    path("undo/<str:token>/", undo.undo, name="undo"),
]
