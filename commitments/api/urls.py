"""The addresses below /api/v1/."""

from __future__ import annotations

from django.urls import path, re_path

from . import (
    check_ins,
    commitments,
    conversations,
    customers,
    deadlines,
    doors,
    events,
    kinds,
    me,
    people,
    reports,
    suggestions,
    teams,
    verbs,
    webhook_deliveries,
    webhooks,
)

app_name = "api"

urlpatterns = [
    path("commitments/", commitments.Commitments.as_view(), name="commitments"),
    path("commitments/<str:reference>/", commitments.OneCommitment.as_view(), name="commitment"),
    *(
        path(f"commitments/<str:reference>/{verb.name()}/", verb.as_view(), name=verb.name())
        for verb in verbs.VERBS
    ),
    path("commitments/<str:reference>/events/", events.Events.as_view(), name="events"),
    path("conversations/", conversations.Conversations.as_view(), name="conversations"),
    path("conversations/<int:pk>/", conversations.OneConversation.as_view(), name="conversation"),
    path("reports/overdue/", reports.Overdue.as_view(), name="report_overdue"),
    path("reports/kept/", reports.Kept.as_view(), name="report_kept"),
    path("reports/ratings/", reports.Ratings.as_view(), name="report_ratings"),
    path("reports/causes/", reports.Causes.as_view(), name="report_causes"),
    path("reports/workload/", reports.Workload.as_view(), name="report_workload"),
    path("reports/values/", reports.Values.as_view(), name="report_values"),
    path("check-ins/", check_ins.CheckIns.as_view(), name="check_ins"),
    path("check-ins/<int:pk>/", check_ins.OneCheckIn.as_view(), name="check_in"),
    path("check-ins/<int:pk>/confirm/", check_ins.Confirm.as_view(), name="confirm_answer"),
    path("customers/", customers.Customers.as_view(), name="customers"),
    path("customers/<int:pk>/", customers.OneCustomer.as_view(), name="customer"),
    path("customers/<int:pk>/edit/", customers.Edit.as_view(), name="edit_customer"),
    path("customers/<int:pk>/write-again/", customers.WriteAgain.as_view(), name="write_again"),
    path("customers/<int:pk>/merge/", customers.Merge.as_view(), name="merge_customer"),
    path("deadlines/read/", deadlines.ReadDeadline.as_view(), name="read_deadline"),
    path("kinds/", kinds.Kinds.as_view(), name="kinds"),
    path("kinds/<str:code>/", kinds.OneKind.as_view(), name="kind"),
    path("me/", me.Me.as_view(), name="me"),
    path("people/", people.People.as_view(), name="people"),
    path("people/<int:pk>/", people.OnePerson.as_view(), name="person"),
    path("suggestions/", suggestions.Suggestions.as_view(), name="suggestions"),
    path("teams/", teams.Teams.as_view(), name="teams"),
    path("teams/<int:pk>/", teams.OneTeam.as_view(), name="team"),
    path("webhooks/", webhooks.Webhooks.as_view(), name="webhooks"),
    path("webhooks/<int:pk>/", webhooks.OneWebhook.as_view(), name="webhook"),
    path("webhooks/<int:pk>/edit/", webhooks.Edit.as_view(), name="edit_webhook"),
    path("webhooks/<int:pk>/rotate/", webhooks.Rotate.as_view(), name="rotate"),
    path("webhooks/<int:pk>/enable/", webhooks.Enable.as_view(), name="enable"),
    path("webhooks/<int:pk>/disable/", webhooks.Disable.as_view(), name="disable"),
    path("webhooks/<int:pk>/test/", webhook_deliveries.Test.as_view(), name="test_webhook"),
    path("webhooks/<int:pk>/replay/", webhook_deliveries.ReplaySince.as_view(), name="replay"),
    path(
        "webhooks/<int:pk>/deliveries/",
        webhook_deliveries.Deliveries.as_view(),
        name="deliveries",
    ),
    path(
        "webhooks/<int:pk>/deliveries/<int:message>/",
        webhook_deliveries.OneDelivery.as_view(),
        name="delivery",
    ),
    path(
        "webhooks/<int:pk>/deliveries/<int:message>/replay/",
        webhook_deliveries.Replay.as_view(),
        name="replay_delivery",
    ),
    re_path("", doors.Nowhere.as_view()),
]
