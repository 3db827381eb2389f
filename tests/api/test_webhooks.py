"""Programs that listen, seen to by programs: for administrators, and each deed done once."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from standardwebhooks import Webhook as Receiver

from commitments import services
from commitments.models import OnceKey, Subscription, User
from notifications import delivery, sealing
from notifications.models import Delivery, Endpoint
from tests import http
from tests.api.callers import Program, a_program
from tests.http import says
from tests.makers import HOUR, NOON, a_commitment, a_team, ana, ines

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LIST = "/api/v1/webhooks/"
URL = "https://203.0.113.7/hook"


@pytest.fixture(autouse=True)
def _allowed(settings: Any) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = ["203.0.113.0/24"]


@pytest.fixture
def far_end(settings: Any) -> Any:
    with http.sink() as sink:
        settings.WEBHOOK_ALLOW_PRIVATE = ["127.0.0.0/8"]
        settings.WEBHOOK_PORTS = [443, sink.port]
        yield sink


@pytest.fixture
def ada() -> Program:
    """A token of an administrator's that may do what she may."""
    a_team()
    return a_program(
        User.objects.create_superuser("ada@larkfield.example", "x", name="Ada Lowe"), scope="admin"
    )


def make(program: Program, **fields: Any) -> Any:
    usual = {"name": "Desk", "url": URL, "kinds": ["promise.made", "promise.moved"]}
    headers = {name: fields.pop(name) for name in ("Idempotency_Key",) if name in fields}
    return program.post(usual | fields, LIST, **headers)


def edit(program: Program, path: str, body: object, **headers: str) -> Any:
    return program.post(body, f"{path}edit/", **headers)


# --- who


def test_it_is_for_administrators_alone(ada: Program) -> None:
    pk = make(ada).json()["id"]
    plain = a_program(User.objects.get(email="ada@larkfield.example"), scope="write")

    for program in (a_program(ana()), a_program(ines()), plain):
        for path in ("", f"{pk}/", f"{pk}/deliveries/", "987654/"):
            refused = program.get(f"{LIST}{path}")
            assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
        for path in ("", f"{pk}/rotate/", f"{pk}/test/", f"{pk}/replay/", f"{pk}/disable/"):
            assert program.post({}, f"{LIST}{path}").status_code == 403
        assert edit(program, f"{LIST}{pk}/", {}).status_code == 403
        assert program.call("DELETE", f"{LIST}{pk}/").status_code == 403

    assert Endpoint.objects.get().disabled_at is None


def test_what_there_is_not_is_not_found(ada: Program) -> None:
    pk = make(ada).json()["id"]

    for path in ("987654/", "987654/deliveries/", f"{pk}/deliveries/987654/", f"{2**70}/"):
        assert ada.get(f"{LIST}{path}").status_code == 404
    for path in ("987654/test/", "987654/rotate/", f"{pk}/deliveries/987654/replay/"):
        assert ada.post({}, f"{LIST}{path}").status_code == 404


# --- made, read, edited, deleted


def test_one_is_made_and_its_secret_is_in_that_answer_alone(ada: Program) -> None:
    team = a_team()
    made = make(ada, teams=[team.pk])

    body = made.json()
    secret = body.pop("secret")
    page = f"http://testserver/settings/webhooks/{body['id']}/"
    assert made.status_code == 201
    assert body == {
        "id": Endpoint.objects.get().pk,
        "name": "Desk",
        "url": URL,
        "kinds": ["promise.made", "promise.moved"],
        "teams": [{"id": team.pk, "name": "Billing care"}],
        "state": "on",
        "made_at": "2026-05-21T12:00:00Z",
        "failing_since": None,
        "disabled_at": None,
        "disabled_because": "",
        "old_secret_until": None,
        "links": {
            "self": f"http://testserver{LIST}{body['id']}/",
            "page": page,
            "deliveries": f"http://testserver{LIST}{body['id']}/deliveries/",
        },
    }
    assert made["Location"] == body["links"]["self"]
    assert secret == sealing.unseal(Endpoint.objects.get().secret)
    assert ada.get(body["links"]["self"]).json() == body
    assert ada.get(LIST).json() == {"next": None, "results": [body]}


def test_asked_again_with_its_key_it_is_one_and_the_secret_is_given_again(ada: Program) -> None:
    first = make(ada, Idempotency_Key="k1")
    again = make(ada, Idempotency_Key="k1")

    assert (again.status_code, again["Idempotency-Replayed"]) == (201, "true")
    assert again.json() == first.json()
    assert Endpoint.objects.count() == 1
    assert first.json()["secret"] not in str(OnceKey.objects.get().answer)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": 5}, "name"),
        ({"url": "http://169.254.169.254/latest"}, "url"),
        ({"url": "https://127.0.0.1/"}, "url"),
        ({"url": None}, "url"),
        ({"kinds": ["promise.exploded"]}, "kinds.0"),
        ({"kinds": ["moved"]}, "kinds.0"),
        ({"kinds": "promise.moved"}, "kinds"),
        ({"teams": []}, "teams"),
        ({"teams": [987654]}, "teams"),
        ({"teams": ["1"]}, "teams.0"),
        ({"secret": "whsec_mine"}, "secret"),
        ({"name": "desk"}, "name"),
    ],
)
def test_what_cannot_be_is_refused_by_name(ada: Program, said: dict[str, Any], field: str) -> None:
    make(ada, name="Desk")

    refused = make(ada, **({"name": "Shop"} | said))

    assert refused.status_code == 400
    assert [error["field"] for error in refused.json()["errors"]] == [field]
    assert Endpoint.objects.count() == 1


def test_what_is_left_out_of_a_change_stays(ada: Program) -> None:
    made = make(ada, teams=[a_team().pk]).json()

    changed = edit(ada, f"{LIST}{made['id']}/", {"kinds": ["*"]})

    assert changed.status_code == 200
    assert changed.json() == {name: value for name, value in made.items() if name != "secret"} | {
        "kinds": ["*"]
    }


def test_all_teams_and_no_kinds_can_be_said(ada: Program) -> None:
    made = make(ada, teams=[a_team().pk]).json()

    everywhere = edit(ada, f"{LIST}{made['id']}/", {"teams": None}).json()
    silent = edit(ada, f"{LIST}{made['id']}/", {"kinds": []}).json()

    assert (everywhere["teams"], silent["kinds"]) == (None, [])
    assert Subscription.objects.count() == 0


def test_who_read_what_has_changed_since_changes_nothing(ada: Program) -> None:
    path = f"{LIST}{make(ada).json()['id']}/"
    read = ada.get(path)["ETag"]

    assert edit(ada, path, {"name": "Front"}, If_Match=read).status_code == 200
    late = edit(ada, path, {"name": "Back"}, If_Match=read)

    assert (late.status_code, late.json()["code"]) == (412, "changed_meanwhile")
    assert Endpoint.objects.get().name == "Front"


def test_deleted_it_is_gone(ada: Program) -> None:
    path = f"{LIST}{make(ada).json()['id']}/"

    assert ada.call("DELETE", path).status_code == 204
    assert ada.get(path).status_code == 404
    assert ada.call("DELETE", path).status_code == 404


# --- deeds


def test_old_and_new_secrets_both_sign_for_as_long_as_is_said(
    ada: Program, far_end: http.Sink
) -> None:
    made = make(ada, url=far_end.url).json()

    turned = ada.post({"overlap_hours": 2}, f"{LIST}{made['id']}/rotate/").json()
    a_commitment(summary=False)
    delivery.run(NOON)

    assert turned["old_secret_until"] == "2026-05-21T14:00:00Z"
    [request] = far_end.seen
    for secret in (made["secret"], turned["secret"]):
        Receiver(secret).verify(request.body, request.headers)


@pytest.mark.parametrize("hours", [-1, 169, "2", 1.5, True, None])
def test_it_is_a_number_of_hours_to_a_week(ada: Program, hours: object) -> None:
    pk = make(ada).json()["id"]

    refused = ada.post({"overlap_hours": hours}, f"{LIST}{pk}/rotate/")

    assert refused.status_code == 400
    assert Endpoint.objects.get().previous_secret == ""


def test_the_answer_to_a_test_can_be_read(ada: Program, far_end: http.Sink) -> None:
    pk = make(ada, url=far_end.url).json()["id"]
    far_end.script = [says(202, "kettle is on")]

    sent = ada.post({}, f"{LIST}{pk}/test/").json()
    delivery.run(NOON)
    read = ada.get(sent["links"]["self"]).json()

    assert (sent["state"], sent["answer"]) == ("queued", "")
    assert (read["state"], read["code"], read["answer"]) == ("sent", 202, "202 kettle is on")
    assert read["webhook_id"] == far_end.seen[0].headers["webhook-id"]


def test_it_is_switched_off_and_on(ada: Program) -> None:
    pk = make(ada).json()["id"]

    off = ada.post({}, f"{LIST}{pk}/disable/").json()
    tried = ada.post({}, f"{LIST}{pk}/test/")
    on = ada.post({}, f"{LIST}{pk}/enable/").json()

    assert (off["state"], off["disabled_because"]) == ("off", "Switched off by an administrator.")
    assert (tried.status_code, tried.json()["code"]) == (409, "not_possible_now")
    assert on["state"] == "on"


def test_one_message_goes_again_under_its_id_and_once_for_a_key(
    ada: Program, far_end: http.Sink
) -> None:
    pk = make(ada, url=far_end.url).json()["id"]
    a_commitment(summary=False)
    [waiting] = ada.get(f"{LIST}{pk}/deliveries/").json()["results"]
    early = ada.post({}, f"{LIST}{pk}/deliveries/{waiting['id']}/replay/")
    delivery.run(NOON)

    for _ in range(2):
        again = ada.post({}, f"{LIST}{pk}/deliveries/{waiting['id']}/replay/", Idempotency_Key="k2")
    delivery.run(NOON)

    assert (early.status_code, early.json()["code"]) == (409, "not_possible_now")
    assert again.json()["webhook_id"] == waiting["webhook_id"]
    assert len(far_end.seen) == 2


def test_what_was_missed_goes_again_in_order(ada: Program, far_end: http.Sink) -> None:
    pk = make(ada, url=far_end.url, kinds=["*"]).json()["id"]
    ada.post({}, f"{LIST}{pk}/disable/")
    kettle = a_commitment(summary=False)
    services.update(kettle.pk, by=ana(), words="Packed", tell_customer=False, now=NOON)
    delivery.run(NOON)
    ada.post({}, f"{LIST}{pk}/enable/")

    since = {"since": "2026-05-21T13:00:00+02:00"}
    first = ada.post(since, f"{LIST}{pk}/replay/").json()
    again = ada.post(since, f"{LIST}{pk}/replay/").json()
    delivery.run(NOON)

    assert (first, again["replayed"]) == ({"replayed": 2, "continue_from": None}, 0)
    assert [request.json["type"] for request in far_end.seen] == [
        "promise.made",
        "promise.updated",
    ]


@pytest.mark.parametrize(
    "since", ["2026-05-01T00:00:00Z", "2026-05-22T00:00:00Z", "2026-05-21T00:00:00", 5]
)
def test_since_when_must_be_within_the_last_week(ada: Program, since: object) -> None:
    pk = make(ada).json()["id"]

    refused = ada.post({"since": since}, f"{LIST}{pk}/replay/")

    assert refused.status_code == 400
    assert refused.json()["errors"][0]["field"] == "since"


def test_so_many_go_at_once_and_the_answer_says_from_where_to_go_on(
    ada: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.listening.MOST_REPEATED", 2)
    pk = make(ada).json()["id"]
    for number in range(3):
        now = NOON - HOUR + number * HOUR / 6
        a_commitment(case=str(number), now=now, summary=False)
    Delivery.objects.filter(channel="webhook").update(
        state="failed", attempt_at=None, settled_at=NOON
    )

    first = ada.post({"since": "2026-05-21T00:00:00Z"}, f"{LIST}{pk}/replay/").json()
    rest = ada.post({"since": first["continue_from"]}, f"{LIST}{pk}/replay/").json()

    assert first == {"replayed": 2, "continue_from": "2026-05-21T11:20:00Z"}
    assert rest == {"replayed": 1, "continue_from": None}


def test_deliveries_come_page_by_page_the_newest_first(ada: Program) -> None:
    pk = make(ada).json()["id"]
    for number in range(3):
        with time_machine.travel(NOON + number * HOUR, tick=False):
            a_commitment(case=str(number), now=NOON + number * HOUR, summary=False)

    first = ada.get(f"{LIST}{pk}/deliveries/", {"page_size": 2}).json()
    second = ada.get(first["next"]).json()

    times = [row["at"] for row in (*first["results"], *second["results"])]
    assert times == ["2026-05-21T14:00:00Z", "2026-05-21T13:00:00Z", "2026-05-21T12:00:00Z"]
    assert second["next"] is None
    assert ada.get(f"{LIST}{pk}/deliveries/", {"q": "x"}).status_code == 400
