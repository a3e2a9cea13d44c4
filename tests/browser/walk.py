"""What a teacher does on the site, told once; whoever walks (tests/browser/actors.py) does it in her own way."""

from config.demo import people
from tests.archives import Opened
from tests.drills.site import wait_until
from tests.makers import PASSWORD

from . import acts

PARTNER = "Edupartner"
# What she types before everything is erased.
SENTENCE = "wis mijn gegevens"
# From being signed in to an archive, and from the page of permissions to one that is dead.
CLICKS_TO_ARCHIVE, CLICKS_TO_STOP = 4, 1


def sign_up(she, site, email, first_name, last_name):
    """By the real form, and by the link in the mail."""
    she.visit("/")
    she.press("^Maak een account")
    she.is_on("Maak een account")
    she.write("^E-mailadres", email)
    she.write("^Voornaam", first_name)
    she.write("^Achternaam", last_name)
    she.write("^Wachtwoord", PASSWORD)
    she.write("^Nog eens je wachtwoord", PASSWORD)
    she.press("^Maak een account$")
    she.is_on("Bevestig je e-mailadres")
    she.visit(site.mail_to(email, "Bevestig je e-mailadres").link("/confirm-email/"))
    she.press("^Bevestigen$")
    she.is_on("Aanmelden")


def sign_in(she, email, password=people.PASSWORD):
    fill_in_sign_in(she, email, password)
    she.page.wait_for_url("**/my-privacy/**")


def fill_in_sign_in(she, email, password):
    she.visit("/account/login/")
    fill_in(she, email, password)


def fill_in(she, email, password):
    she.write("^E-mailadres", email)
    she.write("^Wachtwoord", password)
    she.press("^Aanmelden$")


def look(she):
    """From the figure on the first page down to the rows, and to the next page of them."""
    she.press("Bekijk alles wat we weten")
    she.is_on("Wat weten we over jou")
    she.press("^Bekeken leermiddelen")
    she.is_on("Bekeken leermiddelen")
    she.sees(acts.RESOURCE)
    she.press("^Volgende")
    she.sees("Pagina 2")


def take_archive(she, site, email, folder):
    """She waits while a worker builds it, and opens it: in it is what is held."""
    home(she)
    before = she.clicks
    she.press("^Je gegevens meenemen")
    she.is_on("Neem je gegevens mee")
    she.press("^Maak mijn archief")
    she.waits_for(she.page.get_by_role("link", name="Download je archief"))
    with she.page.expect_download() as download:
        she.press("^Download je archief")
    assert she.clicks - before <= CLICKS_TO_ARCHIVE
    assert_complete(download.value, folder, site.do(acts.held, email))
    site.mail_to(email, "Ons antwoord op je verzoek")


def assert_complete(download, folder, held):
    download.save_as(folder / "archive.zip")
    opened = Opened((folder / "archive.zip").read_bytes())
    assert opened.zip.testzip() is None
    counted = {record: part["rows"] for record, part in opened.parts.items() if part["rows"] and not record.startswith("privacy")}
    assert counted == held
    assert all(len(opened.rows(record)) == rows for record, rows in counted.items())


def correct(she, site, email):
    home(she)
    she.press("^Iets verbeteren")
    she.is_on("Klopt er iets niet")
    she.press("^Verbeter dit")
    she.is_on("Wat moet het zijn")
    she.write("^Gemeente", "8000 Brugge")
    she.press("^Bewaar wat ik aanpaste")
    she.sees("Verbeterd: [Gg]emeente")
    assert site.do(acts.profile_of, email, "town") == "8000 Brugge"


def withdraw(she, site, email):
    """One click, no question, and the permission is dead."""
    assert site.do(acts.may_receive, email)
    she.press_in_menu("^Machtigingen")
    she.is_on("omdat jij dat goed vond")
    before = she.clicks
    she.press("^Stop toegang", of=PARTNER)
    she.sees(f"{PARTNER} heeft geen toegang meer")
    assert she.clicks - before == CLICKS_TO_STOP
    assert not site.do(acts.may_receive, email)


def delete(she):
    """Two pages and a sentence; then she is hidden and signed out."""
    home(she)
    she.press("^Alles laten wissen")
    she.is_on("Dit gebeurt er als je alles laat wissen")
    she.press("^Verder naar bevestigen")
    she.is_on("Zeker dat we alles mogen wissen")
    she.write("^Typ ter bevestiging", SENTENCE)
    she.press("^Wis mijn gegevens")
    she.is_on("Je bent vanaf nu verborgen")


def see_that_she_is_hidden(she, email):
    """Signed in again she reaches her request, and no page about her data."""
    sign_in(she, email, PASSWORD)
    she.is_on("Je bent verborgen")
    she.visit("/my-privacy/data/")
    she.is_on("Je bent verborgen")


def take_back(she):
    she.press("^Toch blijven")
    she.sees("Alles is weer zichtbaar. Er is niets gewist.")
    home(she)
    she.is_on("zo staat het met jouw gegevens")


def be_erased(she, site, email):
    """Time passes; a worker does the rest, and nobody can sign in as her."""
    _number, _right, status = ref = site.do(acts.requests_of, site.do(acts.subject_of, email), "erasure")[-1]
    assert status == "approved"
    site.do(acts.grace_is_over, ref[0])
    wait_until(lambda: not site.do(acts.is_known, email), what="the worker erases her")
    site.mail_to(email, f"Ons antwoord op je verzoek {ref[0]}")
    fill_in_sign_in(she, email, PASSWORD)
    she.sees("Het e-mailadres of het wachtwoord klopt niet")


def home(she):
    she.press_in_menu("^Overzicht")
    she.is_on("zo staat het met jouw gegevens")


def see_at_the_desk(he, ref, *, names):
    """The data protection officer finds the request by its number, and nowhere who asked it."""
    he.visit("/my-privacy/desk/?state=open")
    he.is_on("Wat vraagt jou vandaag")
    _sees_without_names(he, ref, names)
    he.page.locator("tr", has_text=ref).get_by_role("link").click()
    _sees_without_names(he, ref, names)
    say_why(he)
    _sees_without_names(he, ref, names)


def say_why(he):
    """Asked before a request is opened."""
    he.is_on("Waarom open je dit verzoek")
    he.tick("Om dit verzoek te beantwoorden")
    he.press("^Open het")


def _sees_without_names(he, ref, names):
    he.sees(ref)
    text = he.page.content()
    assert [name for name in names if name in text] == []
