"""The addresses of the settings."""

from __future__ import annotations

from django.urls import URLPattern, path

from commitments.web import escalation

from . import brand, help_desks, holidays, hours, index, kinds, people, rehearsal, teams, wordings

urlpatterns: list[URLPattern] = [
    path("", index.show, name="settings"),
    path("teams/", teams.show, name="teams"),
    path("teams/new/", teams.edit, name="new_team"),
    path("teams/<int:pk>/", teams.edit, name="team_settings"),
    path("teams/<int:pk>/retire/", teams.retire, name="retire_team"),
    path("teams/<int:pk>/bring-back/", teams.bring_back, name="bring_team_back"),
    path("teams/<int:pk>/delete/", teams.delete, name="delete_team"),
    path("people/", people.show, name="people"),
    path("people/new/", people.invite, name="invite"),
    path("people/<int:pk>/", people.edit, name="person"),
    path("people/<int:pk>/switch-off/", people.switch_off, name="switch_off"),
    path("people/<int:pk>/delete/", people.delete, name="delete_person"),
    path("kinds/", kinds.show, name="kinds"),
    path("kinds/new/", kinds.edit, name="new_kind"),
    path("kinds/<int:pk>/", kinds.edit, name="kind"),
    path("kinds/<int:pk>/retire/", kinds.retire, name="retire_kind"),
    path("kinds/<int:pk>/bring-back/", kinds.bring_back, name="bring_kind_back"),
    path("kinds/<int:pk>/delete/", kinds.delete, name="delete_kind"),
    path("hours/", hours.show, name="hours"),
    path("hours/new/", hours.edit, name="new_hours"),
    path("hours/<int:pk>/", hours.edit, name="calendar"),
    path("hours/<int:pk>/delete/", hours.delete, name="delete_hours"),
    path("holidays/", holidays.show, name="holidays"),
    path("holidays/add/", holidays.add, name="add_holiday"),
    path("holidays/country/", holidays.country, name="holidays_of_country"),
    path("holidays/file/", holidays.file, name="holidays_of_file"),
    path("holidays/plan/", holidays.plan, name="holiday_plan"),
    path("holidays/<int:pk>/", holidays.edit, name="holiday"),
    path("holidays/<int:pk>/remove/", holidays.remove, name="remove_holiday"),
    path("escalation/", escalation.show, name="escalation"),
    path("escalation/new/", escalation.edit, name="new_policy"),
    path("escalation/<int:pk>/", escalation.edit, name="policy"),
    path("escalation/<int:pk>/rehearse/", rehearsal.show, name="rehearse"),
    path("escalation/<int:pk>/retire/", escalation.retire, name="retire_policy"),
    path("escalation/<int:pk>/bring-back/", escalation.bring_back, name="bring_policy_back"),
    path("help-desks/", help_desks.show, name="help_desks"),
    path("help-desks/new/", help_desks.edit, name="new_help_desk"),
    path("help-desks/<int:pk>/", help_desks.edit, name="help_desk"),
    path("help-desks/<int:pk>/secret/", help_desks.secret, name="help_desk_secret"),
    path("help-desks/<int:pk>/switch-off/", help_desks.switch_off, name="switch_help_desk_off"),
    path("help-desks/<int:pk>/switch-on/", help_desks.switch_on, name="switch_help_desk_on"),
    path("help-desks/<int:pk>/delete/", help_desks.delete, name="delete_help_desk"),
    path("customer-page/", brand.edit, name="brand"),
    path("messages/", wordings.show, name="wordings"),
    path("messages/<str:template>/<str:language>/", wordings.edit, name="wording"),
    path(
        "messages/<str:template>/<str:language>/standard/",
        wordings.standard,
        name="standard_wording",
    ),
    path(
        "messages/<str:template>/<str:language>/look/<str:which>/",
        wordings.look,
        name="wording_frame",
    ),
]
