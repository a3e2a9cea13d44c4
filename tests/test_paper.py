"""Paper: what anybody wrote is drawn as it is and steers nothing, and the document says what it is."""

import io
import re
from datetime import UTC, datetime

import pytest
from django.utils import translation

from privacy.paper import Column, Paper
from privacy.paper.document import BODY, ROOM
from privacy.paper.lettering import FACES, LACKING, printable

from .archives import HOSTILE
from .reports import read, text_of

MADE_AT = datetime(2026, 11, 28, 12, tzinfo=UTC)
# What has to come out as it went in: Polish, Greek, Russian, signs.
WIDE = "żółć Ελληνικά Привет ✓ → é €"
# In every place where a text can stand.
NASTY = [
    "<b>vet</b> & <unclosed",
    '<img src="/etc/passwd"/>',
    "\0nul\x07bel\x1b[2J",
    "\ud800 alone \udfff",
    "\u202eturned\u202c שלום عليكم",
    "👩\u200d👩\u200d👧 中文字 \U0001d4bb",
    "(open \\ paren) Tj ET",
    HOSTILE,
    "a\u0301" * 500,
    "",
    " ",
    "\n" * 400,
]


def paper_with(write, **changed) -> bytes:
    file = io.BytesIO()
    paper = Paper(file, **{"title": "A letter", "author": "Platform", "language": "nl", "made_at": MADE_AT, **changed})
    write(paper)
    with translation.override("en"):
        paper.close()
    return file.getvalue()


def in_a_table(paper, text):
    paper.table([Column("Word"), Column("Number", is_figure=True)], [[text, "7"]])


def beside_a_label(paper, text):
    paper.facts([("Word", text)])


def everywhere(paper, text):
    paper.board(text, text, text)
    paper.heading(text, figure=text)
    paper.heading(text, figure=text, level=2)
    paper.paragraph(text, most=5)
    paper.facts([(text, text)])
    paper.table([Column(text), Column(text, is_figure=True)], [[text, text]])


@pytest.mark.parametrize("text", NASTY, ids=ascii)
def test_no_text_breaks_a_page_wherever_it_stands(text):
    pdf = paper_with(lambda paper: everywhere(paper, text), title=text, author=text)

    assert len(read(pdf).pages) <= 2
    assert not any(page.images for page in read(pdf).pages)


def test_markup_is_printed_and_never_read():
    text = text_of(paper_with(lambda paper: paper.paragraph('<img src="/etc/passwd"/> <b>vet</b> &amp; & <para>')))

    assert '<img src="/etc/passwd"/> <b>vet</b> &amp; & <para>' in text


def test_what_would_end_a_text_in_the_file_is_only_text():
    assert "a) Tj ET \\ (b \\) c" in text_of(paper_with(lambda paper: paper.paragraph("a) Tj ET \\ (b \\) c")))


def test_letters_of_other_alphabets_come_out_as_they_went_in():
    assert WIDE in text_of(paper_with(lambda paper: paper.paragraph(WIDE)))


def test_every_letter_that_is_printed_has_a_shape_in_both_weights():
    printed = {character for code in range(0x110000) for character in printable(chr(code))} - {"\n"}

    assert len(printed) > 5000
    assert [hex(ord(each)) for each in printed if any(ord(each) not in face.charToGlyph for face in FACES.values())] == []


def test_what_has_no_letter_is_seen_and_told():
    file = io.BytesIO()
    paper = Paper(file, title="A letter", author="Platform", language="nl", made_at=MADE_AT)

    paper.paragraph("naam: 中\0")

    assert paper.has_lacked
    paper.close()
    assert f"naam: {LACKING}{LACKING}" in text_of(file.getvalue())


def test_marks_that_turn_a_line_around_are_left_out():
    assert printable("a\u202eb\u2066c\u200fd\ufeff") == "abcd"


def test_all_letters_are_embedded_and_only_those_that_are_used():
    pdf = paper_with(lambda paper: everywhere(paper, WIDE))

    fonts = [font.get_object() for page in read(pdf).pages for font in page["/Resources"]["/Font"].get_object().values()]
    assert {font["/BaseFont"].partition("+")[2] for font in fonts} == set(FACES)
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts)
    assert len(pdf) < 100_000


def test_a_document_says_what_it_is_and_in_which_language():
    document = read(paper_with(lambda paper: paper.heading("Hello"), title="Brief", author="Platform", language="nl"))

    assert (document.metadata.title, document.metadata.author) == ("Brief", "Platform")
    assert document.metadata.creation_date == MADE_AT
    assert document.trailer["/Root"]["/Lang"] == "nl"
    assert document.outline[0].title == "Hello"


def test_the_same_document_has_the_same_bytes():
    assert paper_with(lambda paper: everywhere(paper, WIDE)) == paper_with(lambda paper: everywhere(paper, WIDE))


def test_each_page_says_which_of_how_many_it_is():
    pdf = paper_with(lambda paper: paper.table([Column("Number", is_figure=True)], ([str(number)] for number in range(200))))

    pages = [page.extract_text() for page in read(pdf).pages]
    assert len(pages) > 2
    assert [f"{number} of {len(pages)}" in " ".join(text.split()) for number, text in enumerate(pages, 1)] == [True] * len(pages)


def test_the_head_of_a_table_stands_on_each_page_and_no_row_is_lost():
    pdf = paper_with(lambda paper: paper.table([Column("Number"), Column("Word")], ([f"n{number}", "word"] for number in range(300))))

    pages = [page.extract_text() for page in read(pdf).pages]
    assert all("Number" in text for text in pages)
    assert [number for number in range(300) if f"n{number}" not in " ".join(pages).split()] == []


@pytest.mark.parametrize("put", [in_a_table, beside_a_label])
@pytest.mark.parametrize("lines", [1, 4, 5, 300])
def test_on_a_paper_that_is_whole_a_text_goes_on_over_pages(put, lines):
    text = " ".join(f"w{number:04d}\n" for number in range(lines))

    pdf = paper_with(lambda paper: put(paper, text), is_whole=True)

    assert [f"w{number:04d}" for number in range(lines)] == re.findall(r"w\d{4}", text_of(pdf))


@pytest.mark.parametrize("text", ["woord " * 30, "x" * 300, "a\n\nb", "ż" * 300, "", "   "])
def test_lines_fit_and_hold_the_whole_text(text):
    lines = BODY.lines(text, 100)

    assert all(BODY.width(line) <= 100 for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@pytest.mark.parametrize("text", ["woord " * 90, "x" * 10**6, "a\n" * 90, "\u0301" * 10**6])
def test_a_text_that_is_too_long_ends_in_an_ellipsis(text):
    lines = BODY.lines(text, ROOM, 3)

    assert len(lines) <= 3
    assert lines[-1].endswith("…")
    assert BODY.width(lines[-1]) <= ROOM + BODY.width("…")
