from __future__ import annotations

import pytest
from django.test import Client

from commitments.models import SavedView
from tests import makers
from tests.web import pages

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
VIEWS = "/promises/views/"


def save(ines: Client, name: str, query: str = "state=overdue&told=no") -> object:
    return ines.post(VIEWS, {"name": name, "query": query}, follow=True)


def test_the_filters_are_kept_under_a_name_and_opened_again(ines: Client) -> None:
    offered = ines.get(VIEWS, {"state": "overdue", "told": "no", "page": "3", "x": "y"})
    said = pages.text(save(ines, "Late and silent", pages.hidden(offered)["query"]))
    view = SavedView.objects.get()

    assert "Saved as “Late and silent”." in said
    assert (view.user, view.query) == (makers.ines(), "state=overdue&told=no")
    opened = ines.get(f"{VIEWS}{view.pk}/")
    assert opened["Location"] == "/promises/?state=overdue&told=no"
    listed = ines.get(opened["Location"]).content.decode()
    assert f'href="{VIEWS}{view.pk}/" aria-current="true"' in listed


def test_a_name_is_given_once_by_each_person(ines: Client) -> None:
    save(ines, "Late")

    page = save(ines, "LATE")
    dev = save(pages.signed_in(makers.dev()), "Late")

    assert "You have a view called “LATE” already. Give this one another name." in pages.text(page)
    assert pages.title(page).startswith("Error: ")
    assert "Saved as “Late”." in pages.text(dev)
    assert SavedView.objects.filter(user=makers.ines()).count() == 1


@pytest.mark.parametrize(
    ("name", "query", "said"),
    [
        ("", "", "Give the view a name"),
        ("x" * 61, "", "keep it to 60"),
        ("a\x00b", "", "contains a NUL"),
        ("Long", "q=" + "x" * 1500, "too long to be kept"),
    ],
)
def test_what_cannot_be_kept_is_said(ines: Client, name: str, query: str, said: str) -> None:
    page = ines.post(VIEWS, {"name": name, "query": query})

    assert page.status_code == 422
    assert said in pages.text(page)
    assert not SavedView.objects.exists()


def test_only_filters_are_kept_of_an_address(ines: Client) -> None:
    save(ines, "Odd", "next=//evil.example&state=live&q=%00&pick=x&%FF=%FE")

    assert SavedView.objects.get().query == "state=live&q=%00"


def test_a_view_is_renamed_and_deleted(ines: Client) -> None:
    save(ines, "Late")
    save(ines, "Soon")
    late = SavedView.objects.get(name="Late")

    taken = ines.post(f"{VIEWS}{late.pk}/rename/", {"name": "soon"})
    renamed = ines.post(f"{VIEWS}{late.pk}/rename/", {"name": "late"}, follow=True)
    gone = [ines.post(f"{VIEWS}{late.pk}/delete/", follow=True) for _ in range(2)]

    assert taken.status_code == 422
    assert "Renamed to “late”." in pages.text(renamed)
    assert "The view is deleted." in pages.text(gone[0])
    assert "That view was deleted before." in pages.text(gone[1])
    assert [view.name for view in SavedView.objects.all()] == ["Soon"]


def test_views_of_others_do_not_exist(ines: Client) -> None:
    save(ines, "Late")
    view = SavedView.objects.get()
    dev = pages.signed_in(makers.dev())

    answers = [
        dev.get(f"{VIEWS}{view.pk}/"),
        dev.get(f"{VIEWS}{view.pk}/rename/"),
        dev.post(f"{VIEWS}{view.pk}/rename/", {"name": "Mine"}),
        dev.get(f"{VIEWS}987654/"),
        dev.get(f"{VIEWS}{10**30}/"),
    ]
    dev.post(f"{VIEWS}{view.pk}/delete/")

    assert [answer.status_code for answer in answers] == [404] * 5
    assert SavedView.objects.get().name == "Late"
    assert "Late" not in pages.text(dev.get(VIEWS))


def test_there_is_an_end_to_views(ines: Client) -> None:
    SavedView.objects.bulk_create(
        SavedView(user=makers.ines(), name=f"View {number}") for number in range(30)
    )

    assert "You have 30 views already. Delete one first." in pages.text(save(ines, "One more"))


def test_nothing_is_saved_by_looking(ines: Client) -> None:
    ines.get(VIEWS, {"name": "Late", "state": "live"})

    assert ines.get(f"{VIEWS}1/delete/").status_code == 405
    assert not SavedView.objects.exists()
    assert "No saved views yet" in pages.text(ines.get(VIEWS))
