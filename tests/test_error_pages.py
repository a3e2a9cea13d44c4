"""Error pages say what happened, what is safe and what to do, in the visitor's language; the log holds no personal data."""

import io
import logging
import re

import pytest
from allauth.core.ratelimit import respond_429
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import IntegrityError
from django.test import Client, override_settings
from django.urls import include, path, reverse
from django.utils import translation

from config import errors
from config.logs import WithoutValues

from .signing_in import browser_of

NULL = "\0"
# In a constant, so that a line of this file in a traceback does not hold it.
ADDRESS = "an.peeters@school.example"
DUTCH = {"accept-language": "nl"}
CODE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}")


def fail(request, key=""):
    raise IntegrityError(f"Key (email)=({ADDRESS}) already exists.")


def forbid(request):
    raise PermissionDenied(ADDRESS)


urlpatterns = [
    path("fail/<str:key>/", fail),
    path("forbid/", forbid),
    path("", include("config.urls")),
]
handler400, handler403, handler404, handler500 = errors.bad_request, errors.permission_denied, errors.page_not_found, errors.server_error


@pytest.fixture
def browser(settings, db):
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False, headers=DUTCH)


@pytest.fixture
def log():
    """What the console would say, written as the settings say."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(WithoutValues())
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream.getvalue
    root.removeHandler(handler)


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def assert_helps(answer, status):
    said = text_of(answer)
    assert answer.status_code == status
    for heading in ["Wat er gebeurde", "Wat veilig is", "Wat je kan doen", "dpo@platform.example"]:
        assert heading in said
    assert "no-store" in answer.headers["Cache-Control"]


def test_an_address_of_nothing(browser):
    answer = browser.get("/nergens/")

    assert_helps(answer, 404)
    assert "Hier is niets" in text_of(answer)


def test_a_page_that_is_not_for_this_account(browser):
    answer = browser.get("/forbid/")

    assert_helps(answer, 403)
    assert "an.peeters" not in text_of(answer)


def test_who_is_signed_in_keeps_the_menu(an):
    answer = browser_of(an, headers=DUTCH).get("/nergens/")

    assert 'class="nav"' in answer.content.decode()


def test_a_form_that_stood_open_too_long_says_that_nothing_was_sent(an):
    """T-31: the session ended, or another window signed in."""
    strict = Client(enforce_csrf_checks=True, headers=DUTCH)

    answer = strict.post(reverse("account_login"), {"login": an.email})

    assert_helps(answer, 403)
    assert "Er is niets verstuurd" in text_of(answer)
    assert "laad de pagina opnieuw" in text_of(answer)


@pytest.mark.parametrize(
    "sent", [{"data": "x" * 3_000_000, "content_type": "application/x-www-form-urlencoded"}, {"data": {f"f{n}": "1" for n in range(1_500)}}]
)
def test_too_much_at_once(browser, sent):
    answer = browser.post(reverse("account_login"), **sent)

    assert_helps(answer, 413)
    assert "Dit is te veel" in text_of(answer)


@pytest.mark.parametrize(
    "ask",
    [
        lambda browser: browser.get("/", headers={"host": "evil.example"}),
        lambda browser: browser.get("/", headers={"host": "a b<script>"}),
        lambda browser: browser.get("/", {"q": NULL}),
        lambda browser: browser.get("/%00/"),
        lambda browser: browser.post(reverse("account_login"), "--", content_type="multipart/form-data; boundary="),
    ],
    ids=["another host", "a host that is none", "a null character", "one in the path", "a form that is none"],
)
def test_what_is_no_request(browser, ask):
    answer = ask(browser)

    assert_helps(answer, 400)
    assert "<script>" not in answer.content.decode()


def test_a_page_that_only_takes_forms_says_so_plainly(an):
    answer = browser_of(an).get(reverse("privacy:appearance"))

    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_a_fault_of_ours_has_a_code_that_the_log_has_too(browser, log):
    answer = browser.get("/fail/x/")

    code = CODE.search(text_of(answer))[0]
    assert_helps(answer, 500)
    assert f"error {code}: IntegrityError" in log()


def test_the_log_holds_no_value_that_a_person_gave(browser, log):
    """T-32: neither the message of an error nor the address of a page."""
    browser.get(f"/fail/{ADDRESS}/?q=geheim")
    browser.get(f"/{ADDRESS}/")
    browser.post(reverse("account_login"), {"login": ADDRESS, "password": "geheim"}, headers={"host": "x y"})

    assert "django.db.utils.IntegrityError" in log()
    assert "/fail/<str:key>/" in log()
    assert "in fail" in log()
    assert "peeters" not in log()
    assert "geheim" not in log()


@pytest.mark.parametrize("sign", ["»", "\x01", "%00", "\N{RIGHT-TO-LEFT OVERRIDE}"])
def test_the_log_holds_no_address_with_signs_that_it_writes_in_another_way(browser, log, sign):
    """T-32: a mail program put its quote after the link of a letter, which still works without."""
    browser.get(f"/my-privacy/not-me/{ADDRESS}{sign}/")

    assert log()
    assert "peeters" not in log()


def test_a_chain_of_errors_is_logged_by_kind_alone(log):
    try:
        try:
            raise KeyError(ADDRESS)
        except KeyError as error:
            raise ValueError(ADDRESS) from error
    except ValueError:
        logging.getLogger("x").exception("it failed")

    assert "builtins.ValueError <- builtins.KeyError" in log()
    assert "peeters" not in log()


def test_every_code_is_another():
    assert len({errors.new_code() for _each in range(100)}) == 100


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_language_is_the_visitors_and_not_the_one_of_whoever_came_before(browser, language):
    with translation.override("fr" if language == "nl" else "nl"):
        answer = browser.get("/", headers={"host": "evil.example", "accept-language": language})

    assert f'<html lang="{language}"' in answer.content.decode()


def test_a_fault_is_shown_without_the_database(browser, monkeypatch, rf, django_assert_num_queries):
    request = rf.get("/", headers=DUTCH)
    request.user = AnonymousUser()

    with django_assert_num_queries(0):
        answer = errors.server_error(request)

    assert_helps(answer, 500)


@pytest.mark.parametrize("theme", ["light", '"><script>alert(1)</script>'])
def test_hostile_addresses_and_cookies_stay_out_of_the_page(browser, theme):
    browser.cookies["theme"] = theme

    answer = browser.get('/"><script>alert(1)</script>/')

    assert answer.status_code == 404
    assert "<script>alert" not in answer.content.decode()


def test_too_many_tries_say_what_to_do(rf):
    answer = respond_429(rf.get("/", headers=DUTCH))

    said = text_of(answer)
    assert answer.status_code == 429
    assert "Te veel pogingen" in said
    assert "Wacht een paar minuten" in said


def test_a_site_in_use_serves_files_by_their_contents(settings, tmp_path, db):
    """D-13: kept by browsers for ever, compressed; before collectstatic a page still renders."""
    settings.STATIC_ROOT = tmp_path
    with override_settings(STORAGES=settings.STORAGES):
        before = Client().get("/").content.decode()
        call_command("collectstatic", interactive=False, verbosity=0)
    with override_settings(STORAGES=dict(settings.STORAGES)):
        after = Client().get("/").content.decode()

    assert 'href="/static/privacy/inzage.css"' in before
    name = re.search(r"/static/privacy/(inzage\.[0-9a-f]{12}\.css)", after)[1]
    assert (tmp_path / "privacy" / f"{name}.gz").stat().st_size < 6_000
    assert re.search(r"url\(.?bitter-latin-600-normal\.[0-9a-f]{12}\.woff2", (tmp_path / "privacy" / name).read_text())
