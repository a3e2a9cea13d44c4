"""What a receiver takes at once is measured before she goes there, with what she can do where it is less than she has."""

import json

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from consents.outgoing import Answer
from consents.transfer.package import Package
from consents.transfer.remote import Takes
from privacy.datamap import registry
from privacy.rights import weighing
from privacy.rights.portability import Scope

from . import transferring
from .makers import make_folder
from .reading import words_of

pytestmark = pytest.mark.django_db
TAKES = dict.fromkeys(["accounts.Member", "usage.Folder", "usage.Favourite"], "")


@pytest.fixture
def lived(an):
    """Three favourites, five folders, her own row and her address: ten rows, nine of which are taken in."""
    transferring.live(an, "een", "twee", "drie")
    for name in "ab":
        make_folder(an, name)
    return an


def package_of(member, **limits):
    return Package.of(member.subject, Takes(TAKES, **limits))


def titled(*labels):
    return {str(registry.labelled(label).heading()) for label in labels}


def titles(kinds):
    return {kind.title for kind in kinds}


def test_what_fits_goes_and_is_measured(lived):
    package = package_of(lived, rows=100_000, bytes=500_000_000)

    assert titles(package.goes) == titled(*TAKES)
    assert not package.is_too_much
    assert next(amount.partition(";")[0] for _title, amount in package.measures) == "10"


def test_a_receiver_that_names_no_limits_takes_whatever_there_is(lived):
    package = package_of(lived)

    assert titles(package.goes) == titled(*TAKES)
    assert (package.is_too_much, package.measures) == (False, [])


def test_what_is_too_much_all_together_goes_in_parts(lived):
    """Five folders and the address that says whose they are are six."""
    package = package_of(lived, rows=6)

    assert titles(package.goes) == titled(*TAKES)
    assert package.is_too_much


def test_what_is_too_much_by_itself_stays_and_says_what_to_do(lived):
    package = package_of(lived, rows=5)

    (folders,) = [kind for kind in package.stays if kind.title in titled("usage.Folder")]
    assert folders.why
    assert titles(package.goes) == titled("accounts.Member", "usage.Favourite")


def test_bytes_count_as_rows_do(lived):
    """Of each row as much as is usual; what says whose they are counts with each."""
    package = package_of(lived, bytes=5 * weighing.ROW_BYTES)

    assert titles(package.goes) == titled("accounts.Member", "usage.Favourite")


def weight_of(member, label):
    data_map, lines = next(part for part in Scope.PORTABLE.parts() if part[0].label() == label)
    return weighing.weigh(data_map, lines, 1, member.subject, Scope.PORTABLE)


def test_a_file_that_she_gave_counts_whole(an):
    plain = weight_of(an, "accounts.Member")

    an.photo = default_storage.save("a1b2.webp", ContentFile(b"x" * 70_000))
    an.save()

    assert weight_of(an, "accounts.Member") == plain + 70_000


def test_a_file_that_is_gone_counts_for_nothing(an):
    plain = weight_of(an, "accounts.Member")

    an.photo = "gone.webp"
    an.save()

    assert weight_of(an, "accounts.Member") == plain


def test_of_more_files_than_are_looked_at_the_rest_is_as_large(an, monkeypatch):
    monkeypatch.setattr(weighing, "LOOKED_AT", 1)
    an.photo = default_storage.save("a1b2.webp", ContentFile(b"x" * 70_000))
    an.save()

    data_map, lines = next(part for part in Scope.PORTABLE.parts() if part[0].label() == "accounts.Member")

    assert weighing.weigh(data_map, lines, 10, an.subject, Scope.PORTABLE) == 10 * (weighing.ROW_BYTES + 70_000)


@pytest.fixture
def browser(lived, settings):
    transferring.make_receiver(settings)
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(lived)
    return browser


def saying(limits):
    """A receiver that takes at most so much."""

    def change(method, path, answer):
        if not path.endswith("/takes"):
            return answer
        return Answer(200, "application/json", json.dumps(json.loads(answer.body) | {"limits": limits}).encode())

    return change


def page_of(browser, monkeypatch, limits):
    transferring.call_in_process(monkeypatch, saying(limits))
    return words_of(browser.get(reverse("transfer:start", args=["ginds"])).content.decode())


def test_she_reads_how_much_it_takes_and_how_much_there_is(browser, monkeypatch):
    page = page_of(browser, monkeypatch, {"bytes": 5_242_880, "rows": 1_000, "piece": 1})

    assert "it takes 1,000 at most" in page
    assert "it takes 5.0 MB at most" in page.replace("\xa0", " ")
    assert "On to Ginds" in page


def test_where_it_is_too_much_she_reads_what_to_do(browser, monkeypatch):
    page = page_of(browser, monkeypatch, {"bytes": 10**9, "rows": 8, "piece": 1})

    assert "Tick a part of it there, and begin again here for the rest." in page
    assert "On to Ginds" in page


def test_where_nothing_fits_she_is_not_sent_there(browser, monkeypatch):
    page = page_of(browser, monkeypatch, {"bytes": 10**9, "rows": 0, "piece": 1})

    assert "Fetch it part by part, and bring it there yourself." in page
    assert "Take your data with you" in page
    assert "On to Ginds" not in page


@pytest.mark.parametrize("limits", [None, [], "all", {"bytes": -1, "rows": "many"}, {"bytes": True, "rows": 1.5}, {"bytes": None}])
def test_limits_that_are_none_stop_nothing(browser, monkeypatch, limits):
    page = page_of(browser, monkeypatch, limits)

    assert "Does it fit?" not in page
    assert "On to Ginds" in page
