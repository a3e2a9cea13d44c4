"""What a member reads of her own traces, and what she makes us forget; when she signed in."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone

from privacy.evidence import statistics
from privacy.rights import retention
from usage import history, networks, sign_ins
from usage.models import Download, ResourceReads, ResourceView, Search, SignIn

from .makers import make_download, make_member, make_resource, make_search, make_sign_in, make_view
from .reading import questions, words_of
from .signing_in import browser_of

PAGE = reverse("usage:sign_ins")


def page_of(word):
    return reverse("usage:history", args=[word])


def read(browser, address, **query) -> str:
    return words_of(browser.get(address, query, headers={"accept-language": "en"}).content.decode())


def leave_traces(member, word="breuken"):
    resource = make_resource(f"Les over {word}")
    return make_view(member, resource), make_download(member, resource), make_search(member, word)


def test_each_kind_has_a_page_of_its_own(an):
    leave_traces(an)
    browser = browser_of(an)

    for word, seen in (("viewed", "Les over breuken"), ("downloaded", "Les over breuken"), ("searched", "breuken")):
        assert seen in read(browser, page_of(word))
    assert read(browser, reverse("usage:history")) == read(browser, page_of("viewed"))


def test_she_sees_her_own_traces_alone(an, bo):
    leave_traces(bo, "ringen")
    browser = browser_of(an)

    for word in history.KINDS:
        assert "ringen" not in read(browser, page_of(word))


def test_the_latest_is_on_top_in_pages_of_twenty(an):
    for number in range(21):
        make_search(an, f"woord{number:02}")
    browser = browser_of(an)

    first, second = read(browser, page_of("searched")), read(browser, page_of("searched"), page="2")

    assert first.index("woord20") < first.index("woord01")
    assert "woord00" not in first
    assert "woord00" in second


def test_a_removed_resource_keeps_its_place_without_its_name(an):
    view = make_view(an, make_resource("", removed_at=timezone.now()))

    assert view.resource.is_removed
    assert "removed resource" in read(browser_of(an), page_of("viewed"))


@pytest.mark.parametrize(("word", "model"), [("viewed", ResourceView), ("downloaded", Download), ("searched", Search)])
def test_one_entry_is_forgotten_with_one_click_and_a_second_changes_nothing(an, word, model):
    leave_traces(an)
    leave_traces(an)
    browser, entry = browser_of(an), model.objects.first()

    for _click in range(2):
        answer = browser.post(reverse("usage:forget", args=[word, entry.pk]))
        assert answer.headers["Location"] == page_of(word)

    assert model.objects.count() == 1


@pytest.mark.parametrize(("word", "model"), [("viewed", ResourceView), ("downloaded", Download), ("searched", Search)])
def test_all_of_a_kind_is_forgotten_and_nothing_of_another_kind_or_person(an, bo, word, model):
    leave_traces(an)
    leave_traces(bo)

    browser_of(an).post(reverse("usage:forget_all", args=[word]))

    assert not model.objects.filter(member=an).exists()
    assert [kind.objects.count() for kind in (ResourceView, Download, Search) if kind is not model] == [2, 2]
    assert model.objects.filter(member=bo).count() == 1


def test_what_is_anothers_cannot_be_forgotten(an, bo):
    view, _download, _search = leave_traces(bo)

    browser_of(an).post(reverse("usage:forget", args=["viewed", view.pk]))

    assert ResourceView.objects.filter(pk=view.pk).exists()


@pytest.mark.parametrize("word", ["nothing", "sign-ins"])
def test_a_kind_that_is_none_is_not_found(an, word):
    browser = browser_of(an)

    assert browser.get(page_of(word)).status_code == 404
    assert browser.post(reverse("usage:forget_all", args=[word])).status_code == 404


@pytest.mark.parametrize("key", [0, 10**18, 10**30])
def test_a_number_that_is_none_forgets_nothing(an, key):
    leave_traces(an)

    assert browser_of(an).post(reverse("usage:forget", args=["viewed", key])).status_code == 302
    assert ResourceView.objects.count() == 1


def test_statistics_that_were_made_stay(an):
    """K-2: her rows are hers to forget; the counts name nobody."""
    resource, last_month = make_resource(), timezone.now().replace(day=1) - timedelta(days=20)
    for member in (an, *[make_member(f"Lid{number}") for number in range(10)]):
        make_view(member, resource, viewed_at=last_month)
    statistics.close_due(now=timezone.now() + timedelta(days=31))
    before = list(ResourceReads.objects.values_list("people", "times"))

    history.KINDS["viewed"].forget_all(an)

    assert list(ResourceReads.objects.values_list("people", "times")) == before != []


def test_forgetting_is_by_post(an):
    view = make_view(an)
    browser = browser_of(an)

    assert browser.get(reverse("usage:forget", args=["viewed", view.pk])).status_code == 405
    assert browser.get(reverse("usage:forget_all", args=["viewed"])).status_code == 405


@pytest.mark.parametrize("word", history.KINDS)
def test_a_page_asks_as_much_for_many_as_for_one(an, word):
    browser = browser_of(an)
    leave_traces(an)
    few = questions(browser, page_of(word))
    for _number in range(10):
        leave_traces(an)

    assert questions(browser, page_of(word)) == few


def test_signing_in_is_noted_once_with_way_and_address(an):
    browser = browser_of(an, REMOTE_ADDR="192.0.2.9")
    browser.get(reverse("privacy:overview"))

    assert list(SignIn.objects.values_list("member", "way", "ip_address")) == [(an.pk, "password", "192.0.2.9")]


def test_a_resumed_session_is_no_sign_in(client, an):
    client.force_login(an)
    client.get(PAGE)

    assert not SignIn.objects.exists()


def test_a_failed_try_is_no_sign_in(client, an):
    client.post(reverse("account_login"), {"login": an.email, "password": "fout"})

    assert not SignIn.objects.exists()


@pytest.mark.parametrize(
    ("records", "way"),
    [
        ([{"method": "password"}], "password"),
        ([{"method": "password"}, {"method": "mfa", "type": "totp"}], "password"),
        ([{"method": "code"}], "code"),
        ([{"method": "mfa", "type": "webauthn", "passwordless": True}], "passkey"),
        ([{"method": "socialaccount", "provider": "leerid"}], "provider"),
        ([{"method": "password_reset"}], "other"),
        ([{"method": "mfa", "type": "recovery_codes"}], "other"),
        ([], "other"),
    ],
)
def test_the_way_is_the_first_step_of_a_sign_in(records, way):
    assert sign_ins.way_of(records) == way


def test_a_sign_in_that_cannot_be_noted_lets_her_in(an, monkeypatch, caplog):
    def refuse(**_columns):
        raise DatabaseError(an.email)

    monkeypatch.setattr(SignIn.objects, "create", refuse)

    assert browser_of(an).get(PAGE).status_code == 200
    assert an.email not in caplog.text


@pytest.mark.parametrize("address", ["", "unix:", "999.1.1.1"])
def test_an_address_that_is_none_is_left_out(an, rf, address):
    assert networks.address_of(rf.get("/", REMOTE_ADDR=address)) is None


def test_she_reads_when_and_how_she_signed_in_and_nobody_elses(an, bo):
    make_sign_in(bo, ip_address="192.0.2.200")
    make_sign_in(an, way="passkey", ip_address=None)

    said = read(browser_of(an, REMOTE_ADDR="192.0.2.9"), PAGE)

    assert "Passkey" in said
    assert "forgotten" in said
    assert "192.0.2.9" in said
    assert "192.0.2.200" not in said


def test_sign_ins_come_in_pages_and_ask_as_much_for_many_as_for_one(an):
    browser = browser_of(an)
    few = questions(browser, PAGE)
    for _number in range(19):
        make_sign_in(an)
    many = questions(browser, PAGE)
    make_sign_in(an)

    assert many == few
    assert "Page 1 of 2" in read(browser, PAGE)


def test_the_network_address_of_a_sign_in_goes_after_ninety_days(an):
    """K-2."""
    make_sign_in(an)
    make_sign_in(an)
    old = SignIn.objects.first()
    SignIn.objects.filter(pk=old.pk).update(signed_in_at=timezone.now() - timedelta(days=91))

    retention.apply(now=timezone.now())

    assert sorted(SignIn.objects.values_list("ip_address", flat=True), key=str) == ["192.0.2.7", None]
