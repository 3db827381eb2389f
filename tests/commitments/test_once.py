"""What is asked twice with one key is done once, at the same time too."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from commitments import once
from commitments.models import OnceKey
from tests.makers import DAY, NOON

ASK = once.Ask.of(principal="token:ft_1", door="api", key="k1", fingerprint="first")


@pytest.mark.both_databases
@pytest.mark.django_db
def test_the_second_time_the_first_answer_is_given():
    done: list[str] = []

    first = once.only_once(ASK, now=NOON, act=doing(done))
    second = once.only_once(ASK, now=NOON, act=doing(done))

    assert done == ["done"]
    assert (first.is_replay, second.is_replay) == (False, True)
    assert (first.status, first.body) == (second.status, second.body) == (201, {"n": 1})


@pytest.mark.both_databases
@pytest.mark.django_db
def test_the_same_key_for_something_else_is_refused():
    done: list[str] = []
    once.only_once(ASK, now=NOON, act=doing(done))
    other = once.Ask.of(principal="token:ft_1", door="api", key="k1", fingerprint="second")

    with pytest.raises(once.KeyUsedDifferently):
        once.only_once(other, now=NOON, act=doing(done))

    assert done == ["done"]


@pytest.mark.both_databases
@pytest.mark.django_db
def test_what_fails_leaves_the_key_unused():
    done: list[str] = []

    with pytest.raises(ZeroDivisionError):
        once.only_once(ASK, now=NOON, act=failing)
    once.only_once(ASK, now=NOON, act=doing(done))

    assert done == ["done"]


@pytest.mark.both_databases
@pytest.mark.django_db
def test_a_key_is_forgotten_after_a_day():
    done: list[str] = []

    for at in (NOON, NOON + DAY):
        once.only_once(ASK, now=at, act=doing(done))

    assert done == ["done", "done"]
    assert OnceKey.objects.get().expires_at == NOON + 2 * DAY


@pytest.mark.both_databases
@pytest.mark.django_db
def test_doors_and_people_do_not_share_their_keys():
    done: list[str] = []
    form = once.Ask.of(principal="token:ft_1", door="form", key="k1")
    other = once.Ask.of(principal="token:ft_2", door="api", key="k1")

    for ask in (ASK, form, other):
        once.only_once(ask, now=NOON, act=doing(done))

    assert done == ["done"] * 3


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_second_request_at_the_same_time_is_refused_at_once():
    done: list[str] = []
    at_work, refused = threading.Event(), threading.Event()

    def act() -> once.Answer:
        at_work.set()
        assert refused.wait(20)
        return doing(done)()

    first = threading.Thread(target=in_a_request, args=(act,))
    first.start()
    assert at_work.wait(20)
    with pytest.raises(once.StillAtWork), transaction.atomic():
        once.claim(ASK)
    refused.set()
    first.join()

    assert done == ["done"]
    assert once.only_once(ASK, now=NOON, act=doing(done)).is_replay


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_key_is_free_again_when_its_request_died():
    done: list[str] = []

    first = threading.Thread(target=in_a_request, args=(failing,))
    first.start()
    first.join()
    in_this_thread = in_a_request_here(doing(done))

    assert not in_this_thread.is_replay
    assert done == ["done"]


def doing(done: list[str]) -> Callable[[], once.Answer]:
    def act() -> once.Answer:
        done.append("done")
        return once.Answer(status=201, body={"n": len(done)})

    return act


def failing() -> once.Answer:
    raise ZeroDivisionError


def in_a_request_here(act: Callable[[], once.Answer]) -> once.Answer:
    with transaction.atomic():
        once.claim(ASK)
        return once.only_once(ASK, now=NOON, act=act)


def in_a_request(act: Callable[[], once.Answer]) -> None:
    """The same in a thread of its own, as a web server would."""
    try:
        in_a_request_here(act)
    except ZeroDivisionError:
        pass
    finally:
        connection.close()
