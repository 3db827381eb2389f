"""Every named address of the house: how it is visited, or why it is not.

A new page has no line here, and a test says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from django.urls import URLPattern, URLResolver, get_resolver, reverse


@dataclass(frozen=True, kw_only=True)
class Stop:
    """One visit: of an address whose arguments are facts of the demonstration, by somebody.

    `label` tells two visits of one address apart; `status` is the answer that is right.
    """

    who: str = "ana"
    given: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    label: str = ""
    status: int = 200

    def address(self, name: str, facts: Mapping[str, object]) -> str:
        said = {each: facts.get(fact, fact) for each, fact in self.given.items()}
        return reverse(name, kwargs=said) + self.query.format_map(facts)


@dataclass(frozen=True, kw_only=True)
class Visit:
    name: str  # of the picture, too
    who: str
    address: str
    status: int


def _promise(which: str) -> Stop:
    return Stop(given={"ref": which}, label=which)


def _verb(verb: str, which: str, query: str = "") -> Stop:
    return Stop(given={"ref": which, "verb": verb}, label=verb, query=query)


def _sam(**given: str) -> tuple[Stop, ...]:
    return (Stop(who="sam", given=given),)


_NOBODY: Final = Stop(who="")

STOPS: Final[Mapping[str, tuple[Stop, ...]]] = {
    "account_login": (_NOBODY,),
    "account_logout": (Stop(),),
    "account_signup": (_NOBODY,),
    "account_inactive": (_NOBODY,),
    "account_reauthenticate": (Stop(),),
    "account_change_password": (Stop(),),
    "web:signing_in": (Stop(),),
    "web:sign_in_rules": _sam(),
    "mfa_activate_totp": (Stop(),),
    "mfa_add_webauthn": (Stop(),),
    "mfa_generate_recovery_codes": (Stop(),),
    "account_reset_password": (_NOBODY,),
    "account_reset_password_done": (_NOBODY,),
    "account_reset_password_from_key": (Stop(who="", given={"uidb36": "1", "key": "old-link"}),),
    "account_reset_password_from_key_done": (_NOBODY,),
    "public:status": (
        Stop(who="", given={"token": "late status"}, label="late"),
        Stop(who="", given={"token": "kept status"}, label="kept"),
        Stop(who="", given={"token": "no such link"}, label="gone", status=404),
    ),
    "public:reply": (
        Stop(who="", given={"token": "late status"}, query="?about={late}"),
        Stop(who="", given={"token": "kept status"}, query="?about={moved}", label="kept"),
    ),
    "public:other-time": (Stop(who="", given={"token": "coming status"}, query="?about={coming}"),),
    "public:right": (Stop(who="", given={"token": "coming status"}, query="?about={coming}"),),
    "public:wrong": (Stop(who="", given={"token": "coming status"}, query="?about={coming}"),),
    "public:not-needed": (Stop(who="", given={"token": "coming status"}, query="?about={coming}"),),
    "public:not-done": (Stop(who="", given={"token": "kept status"}, query="?about={moved}"),),
    "public:stop": (Stop(who="", given={"token": "late status"}),),
    "public:check_in": (
        Stop(who="", given={"token": "check-in link"}),
        Stop(who="", given={"token": "check-in link"}, query="?r=4", label="chosen"),
    ),
    "public:thanks": (Stop(who="", given={"token": "answered link"}),),
    "notifications:outbox": _sam(),
    "notifications:message": _sam(pk="mail"),
    "notifications:attention": (Stop(who="ines"),),
    "notifications:ways": (Stop(),),
    "web:reminders": (Stop(), Stop(who="noor", label="nothing")),
    "web:mine": (
        Stop(),
        Stop(query="?show=done", label="done"),
        Stop(who="rhys", label="lead"),
        Stop(who="sam", label="nothing"),
    ),
    "web:new": (
        Stop(),
        Stop(
            query="?customer=nobody@customers.example&case=48213&q=%23refund+it+%23callback+fri",
            label="filled",
        ),
    ),
    "web:bookmarklet": (Stop(),),
    "web:drafts": (Stop(), Stop(who="omar", label="colleague"), Stop(who="noor", label="auditor")),
    "web:draft": (
        Stop(given={"pk": "draft"}),
        Stop(given={"pk": "clear draft"}, label="clear"),
    ),
    "web:suggest": (Stop(),),
    "web:imports": (Stop(), Stop(who="dev", label="nothing")),
    "web:import": (
        *(Stop(given={"pk": f"file {each}"}, label=each) for each in ("taken", "judging")),
        *(Stop(given={"pk": f"file {each}"}, label=each) for each in ("judged", "making")),
        *(Stop(given={"pk": f"file {each}"}, label=each) for each in ("finished", "refused")),
        Stop(who="dev", given={"pk": "file judged"}, label="others", status=404),
    ),
    "web:promises": (
        Stop(who="ines"),
        Stop(query="?q=nothing+like+it", label="nothing"),
        Stop(who="ines", query="?counted=broke&weekday=2", label="counted"),
        Stop(who="noor", label="auditor"),
    ),
    "web:promise": (
        *(_promise(which) for which in ("late", "callback", "waiting", "coming")),
        *(_promise(which) for which in ("kept", "doubted", "another time")),
        *(Stop(who="ines", given={"ref": which}, label=which) for which in ("broken",)),
        Stop(who="noor", given={"ref": "moved"}, label="auditor"),
        Stop(given={"ref": "00000"}, label="unknown", status=404),
    ),
    "web:verb": (
        *(_verb(verb, "late") for verb in ("update", "done", "move", "hand-over", "close")),
        *(_verb(verb, "late") for verb in ("acknowledge", "help", "make-right")),
        _verb("cause", "late"),
        _verb("wait", "coming"),
        _verb("attempt", "callback"),
        _verb("remind", "coming"),
        _verb("nudge", "waiting"),
        _verb("resume", "waiting"),
        _verb("reopen", "kept"),
        _verb("thank", "kept"),
        Stop(who="ines", given={"ref": "asked", "verb": "answer"}, label="answer"),
        _verb("renew-link", "coming"),
        _verb("check-in", "settled"),
        _verb("confirm-answer", "doubted"),
    ),
    "web:overdue": (
        Stop(who="ines"),
        Stop(label="own"),
        Stop(who="noor", label="auditor"),
        Stop(who="ines", query="?since=2030-01-02&until=2030-01-01", label="refused", status=422),
    ),
    "web:kept": (Stop(who="ines"), Stop(label="own"), Stop(who="noor", label="auditor")),
    "web:ratings": (
        Stop(who="ines"),
        Stop(label="own"),
        Stop(who="ines", query="?happened=late_silent", label="narrowed"),
    ),
    "web:workload": (Stop(who="ines"), Stop(label="own"), Stop(who="noor", label="auditor")),
    "web:causes": (Stop(who="ines"), Stop(label="own")),
    "web:values": (Stop(who="ines"), Stop(label="own"), Stop(who="noor", label="auditor")),
    "web:reviews": (Stop(who="dev"), Stop(who="noor", label="auditor")),
    "web:new_review": (Stop(who="dev", query="?pick={broken}"),),
    "web:review": (
        Stop(who="dev", given={"pk": "review"}),
        Stop(who="noor", given={"pk": "review"}, label="auditor"),
        Stop(given={"pk": "review"}, label="agent", status=404),
    ),
    "web:edit_review": (Stop(who="dev", given={"pk": "review"}),),
    "web:decide": (Stop(who="dev", given={"pk": "review"}),),
    "web:reminder_later": (Stop(given={"pk": "reminder"}),),
    "web:recap": (Stop(given={"pk": "conversation"}),),
    "web:me": (Stop(),),
    "web:keys": (Stop(),),
    "web:tokens": (
        Stop(),
        Stop(who="sam", label="administrator"),
        Stop(who="noor", label="nothing"),
    ),
    "web:new_token": (Stop(),),
    "web:new_feed": (Stop(),),
    "web:new_service": _sam(),
    "web:service": _sam(pk="service"),
    "web:service_token": _sam(pk="service"),
    "web:mailed": (Stop(who="ines"), Stop(label="own")),
    "web:mail_report": (Stop(who="ines", query="?report=kept"),),
    "web:thanks": (
        Stop(),
        Stop(query="?of=team", label="team"),
        Stop(who="noor", query="?of=from-me", label="nothing"),
    ),
    "web:absences": (Stop(), Stop(who="dev", label="lead")),
    "web:absence": (Stop(who="omar", given={"pk": "absence"}),),
    "web:customer": (
        Stop(given={"pk": "tom"}),
        Stop(who="noor", given={"pk": "tom"}, label="auditor"),
    ),
    "web:write_again": (Stop(given={"pk": "tom"}),),
    "web:merge_customer": (
        Stop(given={"pk": "tom"}),
        Stop(given={"pk": "tom"}, query="?q=a", label="found"),
    ),
    "web:personal_data": (Stop(who="sam", given={"pk": "tom"}),),
    "web:hand_over_many": (Stop(who="dev", query="?pick={late}&pick={coming}"),),
    "web:ask_owners": (Stop(who="dev", query="?pick={late}"),),
    "web:settings": _sam(),
    "web:teams": _sam(),
    "web:new_team": _sam(),
    "web:team_settings": _sam(pk="team"),
    "web:retire_team": _sam(pk="team"),
    "web:delete_team": _sam(pk="spare team"),
    "web:people": _sam(),
    "web:invite": _sam(),
    "web:person": _sam(pk="person"),
    "web:switch_off": _sam(pk="person"),
    "web:delete_person": _sam(pk="invited"),
    "web:kinds": _sam(),
    "web:new_kind": _sam(),
    "web:kind": _sam(pk="kind"),
    "web:retire_kind": _sam(pk="kind"),
    "web:delete_kind": _sam(pk="spare kind"),
    "web:hours": _sam(),
    "web:new_hours": _sam(),
    "web:calendar": _sam(pk="calendar"),
    "web:delete_hours": _sam(pk="spare hours"),
    "web:holidays": _sam(),
    "web:add_holiday": _sam(),
    "web:holidays_of_country": _sam(),
    "web:holidays_of_file": _sam(),
    "web:holiday": _sam(pk="holiday"),
    "web:remove_holiday": _sam(pk="holiday"),
    "web:escalation": _sam(),
    "web:new_policy": _sam(),
    "web:policy": _sam(pk="policy"),
    "web:retire_policy": _sam(pk="policy"),
    "web:rehearse": _sam(pk="policy"),
    "web:help_desks": _sam(),
    "web:new_help_desk": _sam(),
    "web:help_desk": _sam(pk="help desk"),
    "web:switch_help_desk_off": _sam(pk="help desk"),
    "web:delete_help_desk": _sam(pk="help desk"),
    "web:brand": _sam(),
    "web:wordings": _sam(),
    "web:wording": (
        Stop(who="sam", given={"template": "done", "language": "es"}),
        Stop(who="sam", given={"template": "done", "language": "en"}, label="own"),
    ),
    "web:standard_wording": _sam(template="done", language="en"),
    "notifications:channels": _sam(),
    "web:from_chat": (
        Stop(who="sam", given={"token": "ticket"}),
        Stop(who="sam", given={"token": "old-link"}, label="gone", status=404),
    ),
    "web:webhooks": _sam(),
    "web:new_webhook": _sam(),
    "web:webhook": _sam(pk="endpoint"),
    "web:edit_webhook": _sam(pk="endpoint"),
    "web:switch_webhook_off": _sam(pk="endpoint"),
    "web:delete_webhook": _sam(pk="endpoint"),
    "web:team": (Stop(), Stop(who="dev", label="lead"), Stop(who="noor", label="auditor")),
    "web:calls": (Stop(), Stop(query="?whose=team", label="team"), Stop(who="kofi", label="moves")),
    "web:views": (Stop(),),
    "web:rename_view": (Stop(given={"pk": "view"}),),
}

LEFT_OUT: Final[Mapping[str, str]] = {
    "healthz": "answers a probe",
    "readyz": "answers a probe",
    "metrics": "answers a probe",
    "admin:*": "Django's own pages, for what is rare",
    "api:*": "answers programs",
    "api_schema": "answers programs",
    "api_docs": "is drawn by what others wrote: looked at in test_api_docs",
    "hooks:*": "answers programs",
    "account_file": "lets a file come: test_asked_again",
    "account_set_password": "sends on to the page where it is changed",
    "notifications:message-html": "stands in a frame of the page of its mail",
    "notifications:send-again": "answers POST alone",
    "notifications:settle": "answers POST alone",
    "notifications:mail-hook": "answers programs",
    "notifications:digest": "answers POST alone",
    "notifications:wish": "answers POST alone",
    "notifications:give-address": "answers POST alone",
    "notifications:prove": "answers POST alone",
    "notifications:give-up": "answers POST alone",
    "public:calendar": "is saved to a file",
    "public:needed": "is one button, offered after a release: looked at in test_customer_pages",
    "web:inbound_mail": "answers programs",
    "web:help_desk_secret": "answers POST alone",
    "web:switch_help_desk_on": "asks as switching off does",
    "web:attachment": "is saved to a file",
    "web:dismiss_draft": "answers POST alone",
    "web:review_promises": "answers POST alone",
    "web:leave_out": "answers POST alone",
    "web:read_reminders": "answers POST alone",
    "web:stop_mailed": "answers POST alone",
    "web:seen_reminder": "answers POST alone",
    "web:home": "sends everybody on to where their day begins",
    "web:read": "answers POST alone",
    "web:end_absence": "answers POST alone",
    "web:end_session": "answers POST alone",
    "web:end_other_sessions": "answers POST alone",
    "openid_connect_login": "sends on to the provider, where there is one",
    "openid_connect_callback": "comes back from the provider",
    "socialaccount_login_cancelled": "is the door again",
    "mfa_index": "sends on to the page of signing in",
    "mfa_authenticate": "stands between the password and the first page: test_signing_in",
    "mfa_login_webauthn": "sends on to the door: test_signing_in",
    "mfa_reauthenticate": "is for those with an app: test_signing_in",
    "mfa_reauthenticate_webauthn": "is for those with a passkey: test_signing_in",
    "mfa_deactivate_totp": "is for those with an app: test_signing_in",
    "mfa_view_recovery_codes": "is for those with a second step: test_signing_in",
    "mfa_remove_webauthn": "is for those with a passkey: test_signing_in",
    "web:open_view": "sends on to the list",
    "web:undo": "answers POST alone",
    "web:delete_view": "answers POST alone",
    "web:hints": "answers a script with a part of a page",
    "notifications:test-mail": "answers POST alone",
    "web:press_webhook": "answers POST alone",
    "web:webhook_secret": "answers POST alone",
    "web:bring_kind_back": "answers POST alone",
    "web:bring_team_back": "answers POST alone",
    "web:bring_policy_back": "answers POST alone",
    "web:holiday_plan": "stands at the end of adding one: among `presses`",
    "web:export": "answers with a file",
    "web:personal_data_file": "answers with a file",
    "web:import_left_out": "answers with a file",
    "web:reports": "sends on to the first of them",
    "web:overdue_csv": "answers with a file",
    "web:overdue_xlsx": "answers with a file",
    "web:kept_csv": "answers with a file",
    "web:ratings_csv": "answers with a file",
    "web:workload_csv": "answers with a file",
    "web:causes_csv": "answers with a file",
    "web:values_csv": "answers with a file",
    "web:workload_move": "answers POST alone",
    "public:logo": "is a picture on a page",
    "web:calendar_feed": "answers calendar programs",
    "web:revoke_token": "answers POST alone",
    "web:revoke_feed": "answers POST alone",
    "web:switch_service": "answers POST alone",
    "web:wording_frame": "stands in a frame of the page of its mail",
}


def names() -> set[str]:
    """Every named address of the house."""
    return {name for name, _ in patterns() if name}


def patterns() -> list[tuple[str, str]]:
    """Every address: its name, empty where it has none, and its whole pattern."""
    return list(_patterns(get_resolver(), "", ""))


def _patterns(resolver: URLResolver, inside: str, beneath: str) -> Iterator[tuple[str, str]]:
    for each in resolver.url_patterns:
        pattern = f"{beneath}{each.pattern}"
        if isinstance(each, URLResolver):
            space = f"{inside}{each.namespace}:" if each.namespace else inside
            yield from _patterns(each, space, pattern)
        elif isinstance(each, URLPattern):
            yield inside + each.name if each.name else "", pattern


def is_left_out(name: str) -> bool:
    return name in LEFT_OUT or f"{name.partition(':')[0]}:*" in LEFT_OUT


def visits(facts: Mapping[str, object]) -> list[Visit]:
    """All of them, person by person."""
    found = [
        Visit(
            name="-".join(part for part in (name.replace(":", "-"), stop.label) if part),
            who=stop.who,
            address=stop.address(name, facts),
            status=stop.status,
        )
        for name, stops in STOPS.items()
        for stop in stops
    ]
    return sorted(found, key=lambda visit: visit.who)
