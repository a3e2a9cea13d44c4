"""A member's folders: hers alone, with what she kept in them."""

import pytest
from django.urls import reverse

from privacy.rights import erasure
from usage import keeping, publishing
from usage.errors import TooManyFolders
from usage.models import Favourite, Folder

from .makers import make_favourite, make_folder, make_publication, make_resource
from .races import at_once, needs_threads
from .reading import questions, words_of
from .signing_in import browser_of

ENGLISH = {"accept-language": "en"}


@pytest.fixture
def browser(an):
    return browser_of(an, headers=ENGLISH)


def said(browser, name, *args) -> str:
    return words_of(browser.get(reverse(f"usage:{name}", args=args)).content.decode())


def send(browser, page, *args, **fields):
    return browser.post(reverse(f"usage:{page}", args=args), fields)


def test_she_sees_her_own_folders_and_no_other(browser, an, bo):
    make_favourite(an, folder=make_folder(an, "Maandag"))
    make_folder(bo, "Van Bo")

    page = said(browser, "folders")

    assert "Maandag" in page
    assert "1 piece of material" in page
    assert "Van Bo" not in page


def test_a_folder_shows_what_is_kept_and_what_was_removed(browser, an, bo):
    folder, gone = make_folder(an), make_publication(bo, make_resource("Weg"))
    make_favourite(an, make_resource("Breuken"), folder=folder, note="korter maken")
    make_favourite(an, gone.resource, folder=folder, note="mijn nota")
    publishing.withdraw(gone)

    page = said(browser, "folder", folder.pk)

    for words in ["Breuken", "korter maken", "Removed resource", "mijn nota", "2 pieces of material"]:
        assert words in page
    assert "Weg" not in page


def test_a_full_folder_asks_as_much_as_one_with_little(browser, an):
    folder = make_folder(an)
    make_favourite(an, folder=folder)
    few = questions(browser, reverse("usage:folder", args=[folder.pk]))
    for _each in range(30):
        make_favourite(an, folder=folder)

    assert questions(browser, reverse("usage:folder", args=[folder.pk])) == few
    assert "Page 1 of 2" in said(browser, "folder", folder.pk)


def test_a_new_folder_is_made_once_whatever_the_clicks(browser):
    for _click in range(2):
        send(browser, "folders", name="Maandag")

    assert [folder.name for folder in Folder.objects.all()] == ["Maandag"]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_folder_made_twice_at_once_is_one(an):
    needs_threads()

    first, second = at_once(*[lambda: keeping.make_folder(an, "Maandag")] * 2)

    assert first == second


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "x" * 100_000, "a\0b"])
@pytest.mark.parametrize("page", ["folders", "folder"])
def test_a_name_that_cannot_be_is_said_and_comes_back(browser, an, name, page):
    folder = make_folder(an, "Maandag")

    answer = send(browser, page, *([folder.pk] if page == "folder" else []), name=name)

    assert answer.status_code == 400
    assert "This is not right yet" in words_of(answer.content.decode())
    assert [folder.name for folder in Folder.objects.all()] == ["Maandag"]


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "\u202eשלום", "👩🏽‍🏫"])  # noqa: RUF001 - Hebrew
def test_any_name_is_shown_as_it_is(browser, name):
    send(browser, "folders", name=name)

    page = browser.get(reverse("usage:folders")).content.decode()
    assert name in words_of(page)
    assert "<script>alert" not in page


def test_more_folders_than_anybody_reads_are_refused(an, monkeypatch):
    monkeypatch.setattr(keeping, "MOST_FOLDERS", 1)
    make_folder(an, "Maandag")

    with pytest.raises(TooManyFolders):
        keeping.make_folder(an, "Dinsdag")


def test_renaming(browser, an):
    folder = make_folder(an, "Maandag")

    send(browser, "folder", folder.pk, name="Dinsdag")

    folder.refresh_from_db()
    assert folder.name == "Dinsdag"


def test_removing_a_folder_says_first_what_goes_with_it(browser, an):
    folder = make_folder(an)
    for _each in range(2):
        make_favourite(an, folder=folder)
    other = make_favourite(an, folder=make_folder(an, "Blijft"))

    assert "With it go 2 favourites and their notes." in said(browser, "remove_folder", folder.pk)
    send(browser, "remove_folder", folder.pk)

    assert [folder.name for folder in Folder.objects.all()] == ["Blijft"]
    assert list(Favourite.objects.all()) == [other]


def test_a_note_is_changed_and_a_favourite_moves(browser, an):
    kept, other = make_favourite(an, note="eerst"), make_folder(an, "Dinsdag")

    send(browser, "favourite", kept.pk, note="dan", folder=other.pk)

    kept.refresh_from_db()
    assert (kept.note, kept.folder) == ("dan", other)


def test_moving_to_where_it_is_already_is_said_and_the_note_comes_back(browser, an):
    kept = make_favourite(an)
    there = make_favourite(an, kept.resource, folder=make_folder(an, "Dinsdag"))

    answer = send(browser, "favourite", kept.pk, note="mijn nota", folder=there.folder_id)

    page = answer.content.decode()
    assert "This material is already in that folder." in words_of(page)
    assert "mijn nota" in page


def test_a_favourite_is_taken_out(browser, an):
    kept = make_favourite(an)

    answer = send(browser, "remove_favourite", kept.pk)

    assert answer.url == reverse("usage:folder", args=[kept.folder_id])
    assert not Favourite.objects.exists()


@pytest.mark.parametrize("name", ["folder", "remove_folder", "favourite", "remove_favourite"])
def test_what_is_somebody_elses_is_not_found(browser, bo, name):
    his = make_favourite(bo, note="van Bo")
    address = reverse(f"usage:{name}", args=[his.folder_id if "folder" in name else his.pk])

    assert browser.get(address).status_code in {404, 405}
    assert browser.post(address, {"name": "x", "note": "x", "folder": his.folder_id}).status_code == 404
    his.refresh_from_db()
    assert (his.note, his.folder.name) == ("van Bo", "Voor maandag")


def test_nothing_moves_into_somebody_elses_folder(browser, an, bo):
    kept = make_favourite(an)

    answer = send(browser, "favourite", kept.pk, note="", folder=make_folder(bo).pk)

    assert answer.status_code == 400


@pytest.mark.parametrize("name", ["folders", "folder", "remove_folder"])
def test_folders_are_for_who_signed_in(client, an, name):
    address = reverse(f"usage:{name}", args=[make_folder(an).pk] if name != "folders" else [])

    assert client.get(address).url.startswith(reverse("account_login"))


def test_who_is_hidden_reaches_neither_folders_nor_material(browser, an):
    """K-14."""
    erasure.hide(an.subject)
    browser = browser_of(an, headers=ENGLISH)

    for name in ("folders", "resources", "publish"):
        assert browser.get(reverse(f"usage:{name}")).url.startswith("/my-privacy/requests/")
