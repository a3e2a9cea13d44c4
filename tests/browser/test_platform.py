"""Two teachers meet on the platform: one shares, the other finds, keeps, judges, follows and writes; and a visitor asks us something."""

import re

import pytest

from tests.makers import PASSWORD

from . import acts, walk
from .actors import ACTORS, Mouse

TITLE = "Breuken op de waslijn"
LESSON = ("breuken.txt", "text/plain", b"Hang breuken op volgorde aan een waslijn.")
AN, BO = ("Anneleentje", "Vandevoordehulst"), ("Boudewijn", "Overstraetens")


@pytest.fixture
def teacher(site, open_window):
    """A function that gives somebody signed in, who never was here before."""

    def comes(how, first_name, last_name):
        email = f"{how}.{last_name.lower()}@platform.example"
        site.do(acts.arrives, email, first_name=first_name, last_name=last_name)
        she = ACTORS[how](open_window(**ACTORS[how].options))
        walk.sign_in(she, email, PASSWORD)
        return she

    return comes


@pytest.mark.parametrize("how", ["mouse", *(pytest.param(how, marks=pytest.mark.long) for how in ACTORS if how != "mouse")])
def test_what_one_shares_another_finds_keeps_and_answers(how, teacher, scene):
    """K-2, K-4."""
    an, bo = teacher(how, *AN), teacher(how, *BO)

    _share(an)
    _find(bo)
    _take(bo)
    _think(bo)
    _meet(bo)
    _answer(an)
    _look_back(bo)
    _take_back(an)
    _find_it_gone(bo)


def _share(an):
    an.visit("/")
    an.press("^Deel materiaal")
    an.is_on("Wat wil je delen")
    an.write("^Titel", TITLE)
    an.page.get_by_label("Vak").select_option("wiskunde")
    an.write("^Trefwoorden", "breuken, waslijn")
    an.write("^Beschrijving", "Een bewegingsles van een half uur.")
    an.tick(f"{' '.join(AN)}")
    name, kind, contents = LESSON
    an.page.get_by_label("Bestand").set_input_files({"name": name, "mimeType": kind, "buffer": contents})
    an.press("^Deel het$")
    an.sees("Je materiaal staat erop")
    an.is_on(TITLE)


def _find(bo):
    bo.visit("/")
    bo.press_in_menu("^Materiaal")
    bo.write("^Zoek in al het materiaal", "waslijn")
    bo.press("^Zoek$")
    bo.sees("Gevonden voor .waslijn")
    bo.press(f"^{TITLE}")
    bo.is_on(TITLE)


def _take(bo):
    with bo.page.expect_download() as download:
        bo.press("^Download$")
    assert download.value.path().read_bytes() == LESSON[2]
    bo.write("^Nota voor jezelf", "voor maandag")
    bo.write("^In een map met de naam", "Wiskunde derde graad")
    bo.press("^Bewaar$")
    bo.sees("Bewaard in je map")


def _think(bo):
    bo.tick(r"^\s*4\s*$")
    bo.press("^Geef deze sterren")
    bo.sees("Je sterren tellen mee")
    bo.write("^Je reactie", "Mijn klas was meteen mee.")
    bo.press("^Plaats je reactie$")
    bo.sees("Mijn klas was meteen mee.")


def _meet(bo):
    bo.press(f"^{' '.join(AN)}")
    bo.is_on(AN[0])
    bo.press("^Volg$")
    bo.sees(f"Je volgt {AN[0]}")
    bo.press("^Schrijf een bericht")
    bo.write("^Je bericht", "Heb je ook een versie met kommagetallen?")
    bo.press("^Verstuur$")
    bo.sees("Je bericht is verstuurd")


def _answer(an):
    an.press_in_menu("^Berichten")
    an.is_on("Wie schreef je")
    an.sees("1 nieuw")
    an.press(f"^{BO[0]}")
    an.sees("versie met kommagetallen")
    an.write("^Je bericht", "Ja, ik zet ze er deze week bij.")
    an.press("^Verstuur$")
    an.sees("Je bericht is verstuurd")


def _look_back(bo):
    """What the platform remembers of her she sees, and has forgotten."""
    bo.visit("/")
    bo.press("^Je geschiedenis")
    bo.sees(TITLE)
    bo.press("^Gezocht")
    bo.sees("waslijn")
    bo.press("^Vergeet$")
    bo.sees("Vergeten")


def _take_back(an):
    an.visit("/")
    an.press(f"^{TITLE}")
    an.press("^verwijder het")
    an.is_on("verwijderen")
    an.press("^Ja, verwijder")
    an.sees("Je materiaal is weg")


def _find_it_gone(bo):
    """What she kept and said stays hers, without its title."""
    bo.press_in_menu("^Mijn mappen")
    bo.press("^Wiskunde derde graad")
    bo.sees("[Vv]erwijderd leermiddel")
    bo.sees("voor maandag")
    assert not re.search("waslijn", bo.page.content())


def test_a_visitor_asks_us_something(site, scene, open_window):
    """K-5."""
    visitor = Mouse(open_window())

    visitor.visit("/")
    visitor.press("^Zeg ons iets")
    visitor.write("^Je e-mailadres", "bezoeker@elders.example")
    visitor.write("^Je vraag of opmerking", "Kan ik ook zonder account iets delen?")
    visitor.press("^Verstuur$")

    visitor.sees("We ontvingen het")
    assert "zonder account" not in site.mail_to("bezoeker@elders.example", "").text
