"""Every sentence of the code stands in the Dutch catalogues, and who reads Dutch gets Dutch."""

import ast
import re
from collections import Counter
from pathlib import Path

import allauth
import polib
import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import auth
from django.contrib.auth import password_validation
from django.core import mail
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags
from django.utils.translation.template import templatize

from accounts import borrowed
from consents import permissions
from privacy.casework import at_once, cases, mailing
from privacy.datamap import RefusalGround, Right, registry
from privacy.datamap.printing import as_text
from privacy.datamap.register import entries
from privacy.evidence.recipients import tell

from .makers import make_comment, make_grant, make_member, make_message, make_partner, make_score, make_view
from .properties.acts import erase

ROOT = settings.BASE_DIR
ENGINE, PROJECT = ROOT / "privacy", ROOT
# What collects a literal; `ngettext` is found by its first.
COLLECTS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
# What templatize makes of a tag: a call with a literal.
CALL = re.compile(r"""\b(_|n?p?gettext)\(u?("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')""")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|<[^>]*>")
# Words that no Dutch sentence has.
ENGLISH = {"the", "you", "your", "our", "and", "please", "with", "this"}
# What it ends with is drawn by lot, and may spell anything.
LINK = re.compile(r"https?://\S+")
# Never said (the voice of the product).
UNSAID = re.compile(r"\b(u|uw|gelieve|helaas|a\.u\.b)\b|!", re.IGNORECASE)
# Headings that are the same in English and in Dutch.
SAME = {"SHA-256", "accounts", "browser", "document", "downloads", "feedback", "partner", "score", "scores", "website"}


def catalogue(folder: Path) -> polib.POFile:
    return polib.pofile(str(folder / "locale/nl/LC_MESSAGES/django.po"))


both = pytest.mark.parametrize("folder", [ENGINE, PROJECT], ids=["engine", "project"])


def sources(folder: Path) -> list[Path]:
    """The files whose sentences belong in this folder's catalogue."""
    ours = [Path(app.path) for app in apps.get_app_configs() if Path(app.path).parent == ROOT]
    folders = [ENGINE] if folder == ENGINE else [ROOT / "templates", *(path for path in ours if path != ENGINE)]
    return [file for each in folders for file in sorted(each.rglob("*")) if file.suffix in {".py", ".html", ".txt"}]


def sentences(file: Path) -> set[str]:
    source = file.read_text()
    return set(_in_code(file, source) if file.suffix == ".py" else _in_template(source))


def _in_code(file, source):
    for node in ast.walk(ast.parse(source)):
        name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
        if name in COLLECTS:
            assert isinstance(node.args[0], ast.Constant), f"{file}:{node.lineno} translates what no catalogue can hold"
            yield node.args[0].value
        assert "pgettext" not in name, f"{file}:{node.lineno}: a context, which this test does not know yet"


def _in_template(source):
    for name, literal in CALL.findall(templatize(source)):
        assert "p" not in name, "a context, which this test does not know yet"
        yield ast.literal_eval(literal)


def english_in(text: str) -> set[str]:
    return ENGLISH & set(re.findall(r"[a-z]+", LINK.sub("", text).lower()))


@both
def test_the_catalogue_has_the_sentences_of_the_code_no_more_and_no_less(folder):
    """After a change: bin/messages, then translate."""
    found = set().union(*map(sentences, sources(folder)))
    known = {entry.msgid for entry in catalogue(folder)}

    assert len(found) > 200
    assert sorted(found - known) == []
    assert sorted(known - found) == []


@both
def test_no_sentence_is_left_untranslated_or_doubtful(folder):
    assert [entry.msgid for entry in catalogue(folder) if not entry.translated()] == []


@both
def test_a_translation_has_the_placeholders_of_its_sentence(folder):
    pairs = [(entry.msgid, said) for entry in catalogue(folder) for said in (entry.msgstr, *entry.msgstr_plural.values()) if said]

    assert [pair for pair in pairs if Counter(PLACEHOLDER.findall(pair[0])) != Counter(PLACEHOLDER.findall(pair[1]))] == []


@both
def test_our_dutch_says_je_and_never_pleads(folder):
    assert [entry.msgstr for entry in catalogue(folder) if UNSAID.search(entry.msgstr)] == []


@both
def test_what_is_compiled_is_what_the_catalogue_says(folder):
    """`make setup` compiles."""
    compiled = polib.mofile(str(folder / "locale/nl/LC_MESSAGES/django.mo"))

    assert {entry.msgid: entry.msgstr for entry in compiled} == {entry.msgid: entry.msgstr for entry in catalogue(folder)}


def test_a_word_in_both_catalogues_has_one_translation():
    """Within the project its own catalogue wins, also over the engine's."""
    engine, project = ({entry.msgid: entry.msgstr for entry in catalogue(folder)} for folder in (ENGINE, PROJECT))

    assert {word for word in engine.keys() & project.keys() if engine[word] != project[word]} == set()


def test_a_borrowed_sentence_is_still_what_its_library_says():
    """One that a new version words differently would come back in the library's own Dutch."""
    theirs = [Path(module.__file__).parent / "locale/nl/LC_MESSAGES/django.po" for module in (allauth, auth)]
    known = {entry.msgid for path in theirs for entry in polib.pofile(str(path))} | sentences(Path(password_validation.__file__))

    assert sorted(sentences(Path(borrowed.__file__)) - known) == []


def test_every_heading_of_the_data_map_is_dutch():
    headings = [data_map.heading() for data_map in registry.maps.values()]
    headings += [data_map.title(line) for data_map in registry.maps.values() for line in data_map.personal_lines()]

    with translation.override("en"):
        english = [str(heading) for heading in headings]
    with translation.override("nl"):
        dutch = [str(heading) for heading in headings]
    assert {one for one, other in zip(english, dutch, strict=True) if one == other} <= SAME


@pytest.mark.django_db
def test_the_register_is_dutch_for_a_dutch_authority():
    """A register of Art. 30 is handed over as it is printed."""
    with translation.override("nl"):
        printed = as_text(entries())

    assert "Rechtsgronden       overeenkomst" in printed
    assert english_in(printed) == set()


def write_everything(an, bo):
    """Each kind of letter for the rights that have one, and each notice; what went out."""
    edupartner, other = make_partner(), make_partner("leesvlieg")
    ended = make_grant(bo, edupartner)
    refused, cancelled = (cases.submit(right, subject=bo.subject) for right in (Right.OBJECTION, Right.ERASURE))
    cases.approve(cancelled, subject=bo.subject)
    mailing.send_due()
    cases.refuse(refused, ground=RefusalGround.EXCEPTION, reasons="Er loopt een geschil.", actor_ref="dpo")
    cases.cancel(cancelled)
    for right in (Right.ACCESS, Right.PORTABILITY):
        request = cases.submit(right, subject=bo.subject)
        cases.approve(request, subject=bo.subject)
        cases.run(request)
    at_once.handed_over(Right.ACCESS, subject=an.subject, actor_ref="dpo", received_at=request.received_at)
    at_once.correct(bo.subject, {("accounts.Member", bo.pk): {"first_name": "Bob"}})
    permissions.withdraw(ended)
    make_grant(an, other)
    for make in (make_score, make_view, make_comment):
        make(an)
    make_message(an, bo)
    tell(edupartner.recipient, "erasure", subject_ref=an.subject.ref, known_as="")
    erase(an.subject)
    mailing.deliver_notices()
    return mail.outbox


@pytest.fixture
def written(db):
    return write_everything(make_member("An", language="nl"), make_member("Bo", last_name="Janssens", language="nl"))


def test_whatever_we_write_to_who_reads_dutch_is_dutch(written):
    """K-19: subject and text, also the names of tables and the reasons that come from the data map."""
    found = {message.subject: english_in(message.subject + message.body) for message in written}

    assert len(found) >= 14
    assert {subject: words for subject, words in found.items() if words} == {}
    assert [
        message.subject for message in written if not message.body.startswith("Dag,\n") or "Groeten,\nPlatform\n" not in message.body
    ] == []


def test_a_letter_is_laid_out_in_paragraphs(written):
    """No hole where a sentence was left out, no sentence on the line of another."""
    assert [message.body for message in written if "\n\n\n" in message.body or re.search(r" \n|\n [^ ]|[.?] {2}", message.body)] == []


def test_the_answer_to_an_erasure_reads_well(written):
    """G-39, G-40."""
    body = next(message.body for message in written if "zijn gewist" in message.body)

    assert "- scores: 1, anoniem bewaard (gemiddelde score van een leermiddel)\n" in body
    assert "\n\nDit bewaren we nog, en waarom:\n\n- " in body
    assert re.search(
        r": \d\n  aantonen dat we de regels volgden; zonder einddatum; zodra de account gewist is, leidt de verwijzing naar niemand\n", body
    )


@pytest.mark.parametrize("name", ["start", "account_login", "account_signup", "account_reset_password"])
def test_a_page_is_dutch_for_who_comes_without_an_account(client, db, name):
    page = client.get(reverse(name)).content.decode()

    assert '<html lang="nl"' in page
    assert english_in(strip_tags(page)) == set()
    assert not UNSAID.search(strip_tags(page))


@pytest.mark.parametrize("name", ["start", "account_email", "account_change_password", "usersessions_list", "account_logout"])
def test_a_page_is_dutch_for_a_member(client, an, name):
    client.force_login(an)

    page = client.get(reverse(name)).content.decode()

    assert english_in(strip_tags(page)) == set()
    assert not UNSAID.search(strip_tags(page))
