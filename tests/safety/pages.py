"""What the pages need: staff's, customers', and those that programs post to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tests.safety.ways import Way, fill, press, to

SAVE: Final = {"press": "save"}
_WORDS: Final = {"words": "Is the shade with it?"}


def _hers(
    link: str = "her link", about: str = "open", said: Mapping[str, Any] | None = None
) -> Way:
    return Way(
        given={"token": f"{link} of the {{role}}"},
        query=f"?about={{{about}}}",
        by="customer",
        said=said or {},
    )


def _verb(about: str, said: Mapping[str, Any], *, then: Mapping[str, Any] | None = None) -> Way:
    return fill(said, ref=about, then=then, by="agent")


ACCOUNTS: Final[Mapping[str, Way]] = {
    "account_change_password": fill(
        {"oldpassword": "larkfield-demo", "password1": "a-lantern-in-amber",
         "password2": "a-lantern-in-amber"}, by="agent"
    ),
    "account_file": Way(query="?file=/promises/export/"),
    "account_login": press(said={"login": "ana@larkfield.example", "password": "larkfield-demo"}),
    "account_logout": press(),
    "account_reauthenticate": press(said={"password": "larkfield-demo"}),
    "account_reset_password": press(said={"email": "ana@larkfield.example"}),
    "account_reset_password_from_key": Way(
        given={"uidb36": "1", "key": "old-link"}, form=None, said={"password1": "amber-amber-7"}
    ),
    "account_set_password": press(),
    "openid_connect_login": press(provider_id="oidc"),
    "openid_connect_callback": press(provider_id="oidc"),
    "mfa_authenticate": press(said={"code": "123456"}),
    "mfa_remove_webauthn": press(pk="customer"),
    "account_signup": press(said={"email": "new@larkfield.example"}),
}  # fmt: skip

CUSTOMERS: Final[Mapping[str, Way]] = {
    "public:calendar": _hers(),
    "public:check_in": Way(
        given={"token": "her check-in of the {role}"},
        by="customer",
        said={"done": "yes", "rating": "4", "open": "no"},
    ),
    "public:logo": to(mark="none", kind="png"),
    "public:needed": _hers("her other link", about="released"),
    "public:not-done": _hers(about="kept", said=_WORDS),
    "public:not-needed": _hers(said=_WORDS),
    "public:other-time": _hers(said={"slot": "other", **_WORDS}),
    "public:reply": _hers(said=_WORDS),
    "public:right": _hers(),
    "public:status": _hers(),
    "public:stop": _hers(),
    "public:thanks": Way(given={"token": "her check-in of the {role}"}),
    "public:wrong": _hers(said=_WORDS),
}

PROGRAMS: Final[Mapping[str, Way]] = {
    "hooks:help_desk": press(pk="help desk", said={"ticket": "1"}),
    "notifications:mail-hook": press(provider="postmark"),
    "readyz": Way(opens=503),  # no worker is there, and no beat
    "web:calendar_feed": to(token="calendar of the {role}"),
    "web:inbound_mail": press(provider="postmark"),
}

PROMISES: Final[Mapping[str, Way]] = {
    "web:ask_owners": fill({}, query="?pick={late}", by="lead"),
    "web:attachment": to(ref="open", pk="attachment"),
    "web:customer": to(pk="customer"),
    "web:dismiss_draft": press(pk="draft"),
    "web:draft": to(pk="draft"),
    "web:from_chat": fill({}, token="ticket"),
    "web:hand_over_many": fill(
        {"to": "person-{lead}"}, query="?pick={open}&state=live", by="manager", then={}
    ),
    "web:import": press(pk="import", said={"press": "begin"}),
    "web:import_left_out": to(pk="import"),
    "web:imports": press(said={"file": "{a file of promises}", "team": "{team}", "once": "k"}),
    "web:merge_customer": fill({"other": "{other customer}"}, pk="customer"),
    "web:new": fill(
        {"line": '@"{name}" call back tomorrow 4pm'}, by="agent", then={"team": "{team}"}
    ),
    "web:hints": press(said={"line": "@Zel", "at": "4", "team": "{team}"}),
    "web:promise": to(ref="open"),
    "web:read": press(said={"line": '@"{name}" call back tomorrow 4pm', "team": "{team}"}),
    "web:recap": to(pk="conversation"),
    "web:suggest": fill(
        {"text": "Ana: I will call you back tomorrow at 4pm.", "who": "{name}", "do": "read"},
        by="agent",
        then={"do": "save", "team": "{team}"},
    ),
    "web:team": press(said={"do": "take", "pick": "{late}", "once": "k"}),
    "web:undo": press(token="undo"),
    "web:workload_move": press(
        said={"once": "k", "pick": "{open}", "giver": "{person}", "to": "{lead}"}
    ),
    "web:write_again": to(pk="other customer"),
    "web:open_view": to(pk="view"),
    "web:views": press(said={"name": "Amber", "query": "state=overdue", "once": "k"}),
    "web:rename_view": press(pk="view", said={"name": "Ambers", "once": "k"}),
    "web:delete_view": press(pk="view"),
}  # fmt: skip

VERBS: Final[Mapping[str, Way]] = {
    "web:verb/acknowledge": _verb("late", {}),
    "web:verb/answer": _verb("disputed", {**_WORDS, "told": "message"}),
    "web:verb/attempt": _verb("callback", {"came_of_it": "busy"}),
    "web:verb/cause": _verb("late", {"cause": "took_longer"}),
    "web:verb/check-in": _verb("settled", {}),
    "web:verb/close": _verb("open", {"how": "release", "reason": "She bought one."}),
    "web:verb/confirm-answer": _verb("doubted", {"answer": "{answer}"}),
    "web:verb/done": _verb("open", {"how": "Brought it"}),
    "web:verb/hand-over": _verb("open", {"owner": "{lead}"}),
    "web:verb/help": _verb("open", {"reason": "I cannot find the shade."}),
    "web:verb/make-right": _verb("late", {
        "reason": "The shade was lost.", "when": "fri 10am", "told": "message",
        "cause": "took_longer"}, then={}),
    "web:verb/move": _verb("open", {
        "reason": "The shade comes later.", "when": "fri 4pm", "told": "message"}, then={}),
    "web:verb/nudge": _verb("waiting", {}),
    "web:verb/remind": _verb("open", {"when": "tomorrow noon"}, then={}),
    "web:verb/renew-link": _verb("open", {}),
    "web:verb/reopen": _verb("kept", {"reason": "It was the wrong one.", "when": "mon 11am"},
                             then={}),
    "web:verb/resume": _verb("waiting", {"note": "It came by mail"}),
    "web:verb/thank": fill({"note": "Well done."}, ref="kept", by="lead"),
    "web:verb/update": _verb("open", {"seen": "team", "words": "She rang."}),
    "web:verb/wait": _verb("open", {"what": "a photo of the lantern"}),
}  # fmt: skip

REVIEWS: Final[Mapping[str, Way]] = {
    "web:decide": fill(
        {"wording": "Watch the queue", "owner": "{lead}", "day": "2026-05-29"}, pk="review"
    ),
    "web:edit_review": fill({"title": "The amber days"}, pk="review"),
    "web:leave_out": press(pk="review", ref="kept late"),
    "web:new_review": fill(
        {"title": "Again", "happened": "It lay there.", "promises": "{kept late}"}, by="lead"
    ),
    "web:review": to(pk="review"),
    "web:review_promises": press(pk="review", said={"once": "k", "promises": "{late}"}),
}

ONESELF: Final[Mapping[str, Way]] = {
    "notifications:digest": fill(
        {"digest-is_on": "on"}, by="agent", on="/me/messages/", form="/me/messages/digest/"
    ),
    "notifications:give-address": press(
        channel="chat",
        said={"chat-new-address": "slack://T12345678/B12345678/abcdefghijklmnopqrstuvwx"},
    ),
    "notifications:give-up": press(channel="chat"),
    "notifications:message": to(pk="failed mail"),
    "notifications:message-html": to(pk="failed mail"),
    "notifications:prove": press(channel="chat", said={"code": "123456"}),
    "notifications:send-again": press(pk="failed mail"),
    "notifications:settle": press(pk="failed mail"),
    "notifications:wish": fill(
        {"email-wants": "escalations", "email-quiet_from": "20:00", "email-quiet_to": "07:00"},
        by="agent",
        on="/me/messages/",
        form="/me/messages/email/",
        channel="email",
    ),
    "web:absence": fill({"note": "Away"}, pk="absence", by="agent", then={"step": "save"}),
    "web:absences": fill(
        {"starts_on": "2026-06-08", "ends_on": "2026-06-09", "deputy": "{lead}"},
        by="agent",
        then={"step": "save"},
    ),
    "web:end_absence": press(pk="absence"),
    "web:mail_report": Way(
        query="?report=kept", form=None, said={"once": "k", "every": "4", "at": "09:00"}
    ),
    "web:mailed": press(said={"once": "k", "is_on": "on", "weekday": "1", "at": "07:30"}),
    "web:end_session": press(mark="of-nobody"),
    "web:end_other_sessions": press(),
    "web:me": fill({"name": "Somebody Else"}, by="agent"),
    "web:new_feed": fill({}, by="agent"),
    "web:new_token": fill({"name": "amber"}, by="agent"),
    "web:reminder_later": press(pk="reminder", said={"to": "today"}),
    "web:read_reminders": press(),
    "web:revoke_feed": press(pk="feed"),
    "web:revoke_token": press(pk="token"),
    "web:seen_reminder": press(pk="reminder"),
    "web:stop_mailed": press(pk="schedule"),
}
