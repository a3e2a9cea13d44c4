"""Signing out at partners (OpenID Connect Back-Channel Logout 1.0)."""

from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consents import outgoing, permissions
from consents.errors import NotReached
from consents.models import PartnerGrant, Signal
from consents.signals import logout
from privacy.rights import erasure

from . import partner_side, receiving
from .makers import make_grant, make_partner
from .partner_side import make_application
from .properties.acts import erase
from .receiving import ISSUER, opened
from .test_signals_push import let_time_pass

DONE = ("200 OK", {"Cache-Control": "no-store"}, b"")


@pytest.fixture
def receiver(settings):
    settings.PARTNERS_ON_LOOPBACK = True
    with receiving.running() as receiver:
        receiver.answers = [DONE] * 9
        yield receiver


@pytest.fixture
def application(edupartner, receiver):
    return make_application(edupartner, backchannel_logout_uri=receiver.address)


@pytest.fixture
def signed_in(application, an, client):
    """An, at the partner."""
    client.force_login(an)
    partner_side.Program(application, client).sign_in()
    return PartnerGrant.objects.get(member=an)


def tokens(receiver):
    return [parse_qs(body.decode())["logout_token"][0] for _environ, body in receiver.heard]


def test_bcl_1_the_token_is_a_logout_token_and_nothing_else(signed_in, receiver):
    """T-22."""
    permissions.withdraw(signed_in)

    logout.send_due()

    token = opened(tokens(receiver)[0])
    assert {name: token.header[name] for name in ("typ", "alg")} == {"typ": "logout+jwt", "alg": "RS256"}
    assert token.claims["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
    assert set(token.claims) == {"iss", "aud", "iat", "exp", "jti", "sub", "events"}
    assert token.claims["exp"] <= token.claims["iat"] + 120
    assert (token.claims["iss"], token.claims["aud"], token.claims["sub"]) == (ISSUER, "edupartner", str(signed_in.sub))
    assert receiver.heard[0][0]["CONTENT_TYPE"] == "application/x-www-form-urlencoded"


@pytest.mark.parametrize("status", ["200 OK", "204 No Content"])
def test_bcl_2_both_words_for_done_are_done(signed_in, receiver, status):
    receiver.answers = [(status, {}, b"")]
    permissions.withdraw(signed_in)

    logout.send_due()

    signal = Signal.objects.get()
    assert (signal.state, signal.sub, signal.subject_ref) == ("acknowledged", "", None)


def test_bcl_2_what_is_refused_is_not_tried_again(signed_in, receiver):
    receiver.answers = []
    receiver.refuses("invalid_request")
    permissions.withdraw(signed_in)

    logout.send_due()
    let_time_pass()
    logout.send_due()

    assert (len(receiver.heard), Signal.objects.get().state) == (1, "failed")


def test_bcl_2_a_failure_that_may_pass_is_tried_again_a_few_times(signed_in, receiver):
    receiver.answers = []
    receiver.fails(times=9)
    permissions.withdraw(signed_in)

    for _nth in range(6):
        let_time_pass()
        logout.send_due()

    assert (len(receiver.heard), Signal.objects.get().state, Signal.objects.get().sub) == (logout.TRIES, "failed", "")


def test_signing_out_here_signs_out_there(signed_in, receiver, client):
    client.post(reverse("account_logout"))

    logout.send_due()

    assert opened(tokens(receiver)[0]).claims["sub"] == str(signed_in.sub)


def test_ending_the_other_sessions_signs_out_there(signed_in, receiver, client):
    """Who had her session elsewhere may be at the partner by now."""
    client.post(reverse("usersessions_list"))

    logout.send_due()

    assert opened(tokens(receiver)[0]).claims["sub"] == str(signed_in.sub)


def test_hiding_signs_out_there(signed_in, receiver, an):
    erasure.hide(an.subject)

    logout.send_due()

    assert len(tokens(receiver)) == 1


def test_an_erasure_signs_out_there_before_the_rows_go(signed_in, receiver, an):
    erase(an.subject)

    assert len(tokens(receiver)) == 1
    assert not Signal.objects.exclude(sub="", subject_ref=None).exists()


def test_a_program_where_she_never_signed_in_does_not_hear_of_her(application, an, edupartner, client):
    make_grant(an, edupartner)
    client.force_login(an)

    client.post(reverse("account_logout"))

    assert not Signal.objects.exists()


def test_programs_take_turns(application, monkeypatch):
    """The second is not kept waiting by all that the first is to hear."""
    other = make_application(make_partner("quizkast"), client_id="quizkast")
    heard = []
    monkeypatch.setattr(logout, "_sent", lambda signal: heard.append(signal.application_id) or True)
    Signal.objects.bulk_create([Signal(application=told, kind="logout") for told in (application, application, application, other)])

    logout.send_due()

    assert heard == [application.pk, other.pk, application.pk, application.pk]


@pytest.fixture
def other(application):
    return make_application(make_partner("quizkast"), client_id="quizkast")


def wait_for(*programs):
    """A sign-out each, in this order."""
    Signal.objects.bulk_create(Signal(application=program, kind="logout", sub="x") for program in programs)


class Slow:
    """Time passes by itself only while a program is called; who is called is remembered."""

    def __init__(self, monkeypatch, **seconds):
        self.now, self.called, self.seconds = 0.0, [], seconds
        monkeypatch.setattr(logout, "monotonic", lambda: self.now)
        monkeypatch.setattr(logout.outgoing, "post", self.post)

    def post(self, url, body, headers):
        program = opened(parse_qs(body.decode())["logout_token"][0]).claims["aud"]
        self.called.append(program)
        self.now += self.seconds.get(program, 0)
        return outgoing.Answer(200, "", b"")


def test_a_round_ends_after_its_time(application, other, monkeypatch):
    slow = Slow(monkeypatch, edupartner=logout.ROUND_SECONDS + 1)
    wait_for(application, other)

    logout.send_due()

    assert slow.called == ["edupartner"]
    assert Signal.objects.get(application=other).held_until is None


def test_a_slow_program_rests_and_the_others_go_on(application, other, monkeypatch):
    slow = Slow(monkeypatch, edupartner=logout.SECONDS_EACH / 2)
    wait_for(*[application] * 5, *[other] * 5)

    logout.send_due()

    assert (slow.called.count("edupartner"), slow.called.count("quizkast")) == (2, 5)
    assert {signal.held_until is None for signal in Signal.objects.queued()} == {False}


def test_what_comes_meanwhile_for_a_program_that_rests_waits_with_the_rest(application, monkeypatch):
    """Each sign-out here starts a round of its own."""
    slow = Slow(monkeypatch, edupartner=logout.SECONDS_EACH)
    wait_for(application, application)
    logout.send_due()

    wait_for(application)
    logout.send_due()
    let_time_pass()
    logout.send_due()

    assert slow.called == ["edupartner"] * 2


def test_one_worker_at_a_time_is_at_a_program(application, other, monkeypatch):
    slow = Slow(monkeypatch)
    wait_for(application, application, other)
    assert Signal.objects.filter(application=application).first().take()

    logout.send_due()

    assert slow.called == ["quizkast"]


def test_one_that_is_answered_badly_keeps_no_other_of_its_program(application, receiver):
    receiver.answers = [("503 Service Unavailable", {}, b""), DONE]
    wait_for(application)
    logout.send_due()

    wait_for(application)
    logout.send_due()

    assert sorted(Signal.objects.values_list("state", flat=True)) == ["acknowledged", "queued"]


def test_a_program_that_cannot_be_reached_rests(application, monkeypatch):
    called = []

    def fail(*of):
        called.append(of)
        raise NotReached("timeout")

    monkeypatch.setattr(logout.outgoing, "post", fail)
    wait_for(application, application)
    logout.send_due()
    logout.send_due()

    assert len(called) == 1
    assert Signal.objects.queued().count() == 2


def test_her_own_are_sent_before_she_is_erased_wherever_others_rest(application, monkeypatch, an):
    slow = Slow(monkeypatch)
    wait_for(application)
    assert Signal.objects.get().take()
    Signal.objects.create(application=application, kind="logout", sub="x", subject_ref=an.subject.ref)

    logout.send_due(subject_ref=an.subject.ref)

    assert slow.called == ["edupartner"]


def test_a_sign_out_of_an_hour_ago_ends_no_session_of_now(application, receiver):
    wait_for(application)
    Signal.objects.update(created_at=timezone.now() - logout.NO_NEWS - timedelta(seconds=1))

    logout.send_due()

    assert (Signal.objects.get().state, Signal.objects.get().sub, receiver.heard) == ("dropped", "", [])


def test_a_program_that_did_not_ask_is_not_told(signed_in, application, client):
    application.backchannel_logout_uri = ""
    application.save()

    client.post(reverse("account_logout"))

    assert not Signal.objects.exists()


def test_the_sign_out_of_another_is_none_of_hers(signed_in, bo, client):
    client.force_login(bo)

    client.post(reverse("account_logout"))

    assert not Signal.objects.exists()


def test_partners_of_many_take_as_many_statements_as_one(signed_in, an, client, receiver):
    def sign_out():
        with CaptureQueriesContext(connection) as asked:
            logout.sign_out(PartnerGrant.objects.filter(member=an))
        return len(asked)

    few = sign_out()
    for slug in ("quizkast", "leestuin", "rekenrijk"):
        more = make_application(make_partner(slug), backchannel_logout_uri=receiver.address)
        partner_side.Program(more, client).sign_in()

    assert sign_out() == few
    assert Signal.objects.filter(kind="logout").count() == 4


def test_two_sign_outs_that_wait_are_one(signed_in, an, client):
    client.post(reverse("account_logout"))
    client.force_login(an)
    client.post(reverse("account_logout"))

    assert Signal.objects.count() == 1


def test_signing_out_works_while_the_partner_does_not(signed_in, receiver, client):
    receiver.answers = []
    receiver.fails(times=9)

    answer = client.post(reverse("account_logout"))
    logout.send_due()

    assert answer.status_code == 302
    assert Signal.objects.get().state == "queued"


@pytest.mark.parametrize("url", ["http://edupartner.example/out", "https://10.0.0.1/out", "https://edupartner.example/out#part"])
def test_an_address_to_say_it_is_one_that_we_may_call(application, settings, url):
    """T-21."""
    settings.PARTNERS_ON_LOOPBACK = False
    application.backchannel_logout_uri = url

    with pytest.raises(ValidationError) as refused:
        application.full_clean()

    assert "backchannel_logout_uri" in refused.value.message_dict


def test_the_discovery_says_that_we_do(client):
    told = client.get("/.well-known/openid-configuration").json()

    assert (told["backchannel_logout_supported"], told["backchannel_logout_session_supported"]) == (True, False)
