"""Files for other programs, opened by such programs: favourites that browsers import, a card that address books read."""

import re
from datetime import UTC, datetime, timedelta

import bookmarks_parser
import pytest
import vobject

from accounts import photos
from accounts.models import Member
from privacy.rights.formats import formats_of
from privacy.rights.portability import Scope
from usage import bookmarks
from usage.bookmarks import Kept

from .archives import HOSTILE
from .makers import make_favourite, make_folder, make_member, make_picture, make_resource

pytestmark = pytest.mark.django_db
RECORDS = ["accounts.Member", "usage.Favourite"]
ADDED = datetime(2026, 3, 1, 12, tzinfo=UTC)
# What databases store; half of a character they do not.
NASTY = HOSTILE.replace("\0", "")


def file_of(member, name, scope=Scope.EVERYTHING) -> str | None:
    made = {path: b"".join(pieces) for path, pieces in formats_of(member.subject, scope, RECORDS)}
    return made[f"formats/{name}"].decode() if f"formats/{name}" in made else None


def changed(member, **fields):
    Member.objects.filter(pk=member.pk).update(**fields)
    return Member.objects.get(pk=member.pk)


def folders_read(html, tmp_path) -> dict:
    """Per folder its bookmarks, as a reader of such files finds them."""
    file = tmp_path / "favourites.html"
    file.write_text(html, encoding="utf-8")
    [menu] = bookmarks_parser.parse(str(file))
    return {folder["title"]: folder["children"] for folder in menu["children"]}


def card_read(member):
    return vobject.readOne(file_of(member, "profile.vcf"))


def test_favourites_come_back_by_folder_with_title_address_and_moment(an, bo, tmp_path, settings):
    settings.PRIVACY = {**settings.PRIVACY, "SITE": "https://platform.example/"}
    monday, later = make_folder(an, "Voor maandag"), make_folder(an, "Later")
    first, second, third = make_resource("Breuken"), make_resource("Kaarten"), make_resource("Dieren")
    for folder, resource in ((monday, first), (monday, second), (later, third)):
        make_favourite(an, resource, folder=folder, added_at=ADDED)
    make_favourite(bo, make_resource("Van Bo"))

    folders = folders_read(file_of(an, "favourites.html"), tmp_path)

    assert {name: sorted(each["title"] for each in kept) for name, kept in folders.items()} == {
        "Voor maandag": ["Breuken", "Kaarten"],
        "Later": ["Dieren"],
    }
    [dieren] = folders["Later"]
    assert (dieren["url"], dieren["add_date"]) == (f"https://platform.example/material/{third.pk}/", str(int(ADDED.timestamp())))


def test_a_note_stands_under_its_favourite_and_is_no_markup(an):
    make_favourite(an, note="eerst <b>les 2</b> & dan\n<DT><A HREF='https://evil.example'>klik")

    html = file_of(an, "favourites.html")

    assert "<DD>eerst &lt;b&gt;les 2&lt;/b&gt; &amp; dan &lt;DT&gt;&lt;A HREF=&#x27;https://evil.example&#x27;&gt;klik\n" in html
    assert html.count("<DT><A ") == 1


@pytest.mark.parametrize("text", [NASTY, "</H3></DL>", "x" * 10**5, "😀 שלום", "a\r\n\u2028b"])
def test_whatever_folders_and_material_are_called_the_file_can_be_read(an, tmp_path, text, monkeypatch):
    make_favourite(an)
    monkeypatch.setattr(bookmarks, "_kept", lambda subject: iter([Kept(1, text, 1, text, ADDED, text)]))

    folders = folders_read(file_of(an, "favourites.html"), tmp_path)

    [[bookmark]] = folders.values()
    assert bookmark["title"].split() == re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", text).split()


def test_two_folders_of_one_name_stay_two(an):
    for _nth in range(2):
        make_favourite(an, make_resource(), folder=make_folder(an, "Map"))

    assert file_of(an, "favourites.html").count("<H3>") == 2


def test_without_favourites_or_address_of_the_site_there_is_no_file(an, bo, settings):
    make_favourite(bo)

    assert file_of(an, "favourites.html") is None
    settings.PRIVACY = {**settings.PRIVACY, "SITE": ""}
    assert file_of(bo, "favourites.html") is None


def test_what_was_taken_back_is_no_bookmark(an):
    make_favourite(an, make_resource("Weg", removed_at=ADDED))

    assert file_of(an, "favourites.html") is None


def test_who_is_hidden_still_gets_hers(an):
    make_favourite(an)
    an.subject.hidden_at = ADDED
    an.subject.save()

    assert file_of(an, "favourites.html")
    assert file_of(an, "profile.vcf")


def test_only_favourites_of_the_time_that_was_asked_are_in_it(an):
    make_favourite(an, make_resource("voordien"), added_at=ADDED - timedelta(days=1))
    make_favourite(an, make_resource("nadien"), added_at=ADDED)

    said = file_of(an, "favourites.html", Scope(since=ADDED))

    assert "nadien" in said
    assert "voordien" not in said


def test_favourites_take_one_query_however_many(an, django_assert_num_queries):
    for nth in range(5):
        make_favourite(an, make_resource(f"nr {nth}"))
    subject = an.subject
    assert subject.root

    with django_assert_num_queries(1):
        for _path, pieces in formats_of(subject, Scope.EVERYTHING, ["usage.Favourite"]):
            assert b"".join(pieces)


def test_a_profile_is_read_by_an_address_book():
    an = make_member("An", last_name="Peeters, dr.; \\ MSc", town="9000 Gent", occupation="wiskunde, 2e graad")
    an = changed(
        an, about_me="Regel een\r\nregel twee; en, meer 😀", website="https://an.example/?a=1", social_networks="https://s.example/@an"
    )

    card = card_read(an)

    assert (card.version.value, card.fn.value, card.email.value) == ("4.0", "An Peeters, dr.; \\ MSc", an.email)
    assert (card.n.value.family, card.n.value.given) == ("Peeters, dr.; \\ MSc", "An")
    assert card.adr.value.city == "9000 Gent"
    assert card.role.value == "wiskunde, 2e graad"
    assert card.note.value == "Regel een\nregel twee; en, meer 😀"
    assert [url.value for url in card.url_list] == ["https://an.example/?a=1", "https://s.example/@an"]


def test_lines_are_short_end_as_the_standard_says_and_tear_no_character(an):
    """RFC 6350, 3.2."""
    an = changed(an, about_me="é😀ab" * 500)

    card = file_of(an, "profile.vcf")

    lines = card.encode().split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert lines[-1] == b""
    assert b"\n" not in b"".join(lines)
    assert [line.decode() for line in lines]
    assert "é😀ab" * 500 in card.replace("\r\n ", "")


@pytest.mark.parametrize("text", [NASTY, "x" * 10**5, "END:VCARD\r\nBEGIN:VCARD", "a\u2028b\x0bc", "שלום \u202e"])
def test_whatever_a_profile_says_it_stays_one_card(an, text):
    an = changed(an, about_me=text)

    card = file_of(an, "profile.vcf")

    assert len(list(vobject.readComponents(card))) == 1
    assert card.count("\r\nEND:VCARD") == 1
    assert re.findall(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", card) == []


def test_a_profile_without_a_name_is_a_card_all_the_same():
    empty = dict.fromkeys(("first_name", "last_name", "town", "occupation", "about_me", "website", "social_networks"), "")
    an = changed(make_member("An"), **empty)

    card = card_read(an)

    assert card.fn.value == an.email
    assert {line.name for line in card.getChildren()} == {"VERSION", "KIND", "UID", "FN", "N", "EMAIL", "LANG"}


def test_a_card_is_the_same_next_time_and_gives_no_reference_away(an):
    card = file_of(an, "profile.vcf")

    assert card == file_of(an, "profile.vcf")
    assert str(an.subject.ref) not in card
    assert str(an.pk) not in card


def test_what_a_profile_shows_to_nobody_is_not_in_a_card(an):
    an = changed(an, birth_date="1980-05-10", gender="female")

    card = file_of(an, "profile.vcf")

    assert "1980" not in card
    assert "GENDER" not in card


@pytest.mark.parametrize(("size", "is_there"), [(4_000, True), (100_001, False)])
def test_a_photo_is_in_the_card_unless_it_is_large(an, size, is_there):
    an = changed(an, photo=photos.store(make_picture().ljust(size, b"\0")))

    assert ("PHOTO:data:image/webp;base64," in file_of(an, "profile.vcf")) == is_there


def test_a_photo_that_is_gone_leaves_the_card_whole(an):
    an = changed(an, photo="photos/gone.webp")

    assert "PHOTO" not in file_of(an, "profile.vcf")
