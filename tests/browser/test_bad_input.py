"""What goes wrong in a real browser: two tabs, the back button, a session that ends, a file that is not hers, markup in every field."""

import pytest
from django.urls import reverse

from tests.makers import PASSWORD

from . import acts, walk
from .actors import Mouse
from .pages import confirm, go_on_to_confirm
from .scene import AN, DAAN

MARKUP = "\"'><img src=x onerror=alert(1)><script>alert(2)</script><svg onload=alert(3)></svg>{{ 7*7 }}\u202ejavascript:alert(4)"
# What of it would be in the page if anything let it through.
INJECTED = "img[src=x], svg[onload], main script:not([src])"


@pytest.fixture
def newcomer(request, site, open_window):
    """A teacher of this test alone, signed in; her address is `email`."""
    she = Mouse(open_window())
    she.email = f"{request.node.name[:60].lower()}@school.example".replace("[", ".").replace("]", "")
    site.do(acts.welcome, she.email, first_name="Annabelle", last_name="Vandevoordehulst")
    walk.sign_in(she, she.email, PASSWORD)
    return she


def tab_beside(she):
    """Another tab of the same browser."""
    return Mouse(she.page.context)


def test_two_tabs_confirm_the_same_erasure(newcomer, site):
    """The second is told what the first was told, and there is one request."""
    she, other, ref = newcomer, tab_beside(newcomer), site.do(acts.subject_of, newcomer.email)
    go_on_to_confirm(other.page)

    confirm(she.page)
    other.write("^Typ ter bevestiging", walk.SENTENCE)
    other.press("^Wis mijn gegevens")

    other.is_on("Je bent vanaf nu verborgen")
    assert [right for _number, right, _status in site.do(acts.requests_of, ref)] == ["erasure"]


def test_the_back_button_shows_nothing_after_deletion(newcomer):
    she = newcomer
    walk.look(she)
    confirm(she.page)

    for _time in range(6):
        she.page.go_back()
        assert "Annabelle" not in she.page.content()
        assert she.email not in she.page.content()


def test_a_session_that_ends_in_a_form_saves_nothing(newcomer, site):
    she = newcomer
    walk.home(she)
    she.press("^Iets verbeteren")
    she.press("^Verbeter dit")
    she.write("^Gemeente", "3000 Leuven")

    site.do(acts.end_sessions, she.email)
    she.press("^Bewaar wat ik aanpaste")

    she.is_on("Aanmelden")
    assert site.do(acts.profile_of, she.email, "town") == "9000 Gent"
    walk.fill_in(she, she.email, PASSWORD)
    she.is_on("Wat moet het zijn")


@pytest.mark.long
def test_a_session_that_ends_before_a_click_moves_the_whole_page(newcomer, site):
    """An act by htmx answers with no part of a page."""
    she = newcomer
    she.press_in_menu("^Machtigingen")
    she.is_on("omdat jij dat goed vond")

    site.do(acts.end_sessions, she.email)
    she.press("^Stop toegang", of=walk.PARTNER)

    she.page.wait_for_url("**/account/login/**")
    walk.fill_in(she, she.email, PASSWORD)
    she.is_on("omdat jij dat goed vond")
    assert site.do(acts.may_receive, she.email)


@pytest.mark.long
def test_who_signed_in_long_ago_is_asked_again(newcomer, site):
    """T-07: and then comes back to where she was."""
    she = newcomer
    walk.home(she)
    site.do(acts.much_later, she.email)

    she.press("^Je gegevens meenemen")
    she.press("^Maak mijn archief")
    she.is_on("Ben jij het")
    she.write("^Je wachtwoord", PASSWORD)
    she.press("^Ik ben het")

    she.is_on("Neem je gegevens mee")


@pytest.mark.parametrize(
    ("number", "status"), [("ready", 200), ("erasure", 404), ("nergens", 404)], ids=["hers", "another's", "one that is none"]
)
def test_an_archive_is_for_its_owner_alone(number, status, scene, open_window, signed_in):
    """T-09."""
    window = open_window(storage_state=signed_in(AN))

    answer = window.request.get(reverse("privacy:fetch", args=[getattr(scene, number, number)]))

    assert answer.status == status


@pytest.mark.long
def test_a_changed_archive_is_not_handed_out(newcomer, site, tmp_path):
    """T-10."""
    she = newcomer
    walk.take_archive(she, site, she.email, tmp_path)
    number = site.do(acts.requests_of, site.do(acts.subject_of, she.email), "access")[-1][0]

    site.do(acts.damage_archive, number)
    she.press("^Download je archief")

    she.is_on("Dit archief geven we niet mee")


HERS = [
    *("account", "account_email", "privacy:overview", "privacy:data", "privacy:recipients", "privacy:correct", "privacy:requests"),
    *("privacy:download", "privacy:object", "privacy:erase", "consents:permissions"),
]
HER_TABLES = ["usage.Folder", "usage.Favourite", "usage.Message", "usage.Comment", "usage.ResourceView"]


def test_markup_in_every_field_stays_text(newcomer, site):
    """On each page that shows what she wrote: nothing opens, nothing is put in, nothing has to be refused."""
    she = newcomer
    site.do(acts.write_everywhere, she.email, MARKUP)
    paths = [reverse(name) for name in HERS] + [reverse("privacy:table", args=["usage", table]) for table in HER_TABLES]

    shown = [path for path in paths if shows_markup_as_text(she, path)]

    assert len(shown) >= len(HER_TABLES)
    she.visit(reverse("privacy:correct"))
    she.press("^Verbeter dit")
    assert she.page.get_by_label("Over mij").input_value().startswith(MARKUP[:20])
    assert she.page.locator(INJECTED).count() == 0


def test_markup_in_an_objection_stays_text_at_the_desk(newcomer, site, scene, open_window, signed_in):
    number = site.do(acts.objects, newcomer.email, MARKUP)
    he = Mouse(open_window(storage_state=signed_in(DAAN)))
    he.visit(reverse("privacy:case", args=[number]))
    walk.say_why(he)

    assert shows_markup_as_text(he, reverse("privacy:case", args=[number]))


def shows_markup_as_text(actor, path):
    """Whether the page shows it at all; if it does, then as text."""
    actor.visit(path)
    assert actor.page.locator(INJECTED).count() == 0
    assert (actor.watch.complaints, actor.watch.dialogs) == ([], [])
    return "<img src=x onerror" in actor.page.inner_text("main")
