"""A sign-in leaves a session and our record of it; both end together."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.identity import end_sessions, language_of, verified_addresses
from accounts.personal_data import SessionMap, UserSessionMap
from accounts.tasks import clear_sessions
from privacy.subjects import rows_concerning

from .makers import PASSWORD, make_member


def signed_in(member, **place):
    client = Client(**place)
    client.post("/account/login/", {"login": member.email, "password": PASSWORD})
    return client


def name_on_start_page(client):
    return client.get("/").context["user"].get_username()


def test_a_real_sign_in_is_recorded_with_its_place(an):
    client = signed_in(an, REMOTE_ADDR="192.0.2.44", HTTP_USER_AGENT="Firefox")

    record = UserSession.objects.get()
    assert (record.user, record.ip, record.user_agent) == (an, "192.0.2.44", "Firefox")
    assert record.session_key == client.session.session_key


def test_ending_ans_sessions_signs_her_out_everywhere_and_bo_nowhere(an, bo):
    at_home, at_school, bos = signed_in(an), signed_in(an), signed_in(bo)

    end_sessions(an.subject)

    assert [name_on_start_page(client) for client in (at_home, at_school, bos)] == ["", "", bo.email]
    assert list(UserSession.objects.values_list("user", flat=True)) == [bo.pk]


def test_ending_sessions_of_who_has_none_does_nothing(an):
    end_sessions(an.subject)

    assert not Session.objects.exists()


@pytest.mark.parametrize("data_map", [SessionMap, UserSessionMap])
def test_a_persons_sessions_are_found_and_nobody_elses(data_map, an, bo):
    ans, bos = signed_in(an).session.session_key, signed_in(bo).session.session_key

    found = rows_concerning(data_map, an.subject).values_list("session_key", flat=True)

    assert ans != bos
    assert list(found) == [ans]


def test_a_session_past_its_time_goes_with_our_record_of_it(an, bo):
    signed_in(an)
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))
    kept = signed_in(bo).session.session_key

    clear_sessions()

    assert list(Session.objects.values_list("session_key", flat=True)) == [kept]
    assert list(UserSession.objects.values_list("session_key", flat=True)) == [kept]


def test_expired_counters_of_attempts_leave_the_cache_table(db):
    """T-26: their keys hold network addresses."""
    cache.set("counter-of-192.0.2.7", 1, timeout=-10)
    cache.set("counter-of-192.0.2.8", 1, timeout=600)

    clear_sessions()

    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache WHERE cache_key LIKE '%counter-of%'")
        assert [key.split("of-")[1] for (key,) in cursor.fetchall()] == ["192.0.2.8"]


def test_an_unfinished_sign_up_leaves_its_session_within_a_day(db):
    """The session holds the address, and no record leads to it."""
    client = Client()

    client.post("/account/signup/", {"email": "els@school.example", "password1": PASSWORD, "password2": PASSWORD})

    assert client.session.get_expiry_age() <= 24 * 60 * 60


def test_only_confirmed_addresses_are_hers_and_the_one_to_sign_in_with_comes_first(an, bo):
    """G-26."""
    an.emailaddress_set.create(email="ook.an@school.example", verified=True)
    an.emailaddress_set.create(email="nog.niet@school.example", verified=False)

    assert verified_addresses(an.subject) == ["an.peeters@school.example", "ook.an@school.example"]


def test_we_write_to_a_person_in_her_language(an):
    els = make_member("Els", language="fr")

    assert (language_of(an.subject), language_of(els.subject)) == ("nl", "fr")
