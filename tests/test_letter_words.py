"""What letters say: complaint and court in each no, three languages, sentences that anybody can read."""

import re

import polib
import pytest
from django.core import mail
from django.utils import translation

from privacy.casework import cases
from privacy.casework.letters import Kind
from privacy.datamap import RefusalGround, Right

from .makers import make_member
from .test_sentences import ENGINE, ENGLISH, sentences, write_everything
from .writing import every_letter, words_of

# Without those to our own people.
TEMPLATES = [file for file in (ENGINE / "templates/privacy/letters").glob("*.txt") if file.stem not in {"review", "alert", "head"}]
# Words that no French sentence has.
DUTCH = {"het", "een", "niet", "van", "voor", "zijn", "onze", "jouw", "naar", "dat", "ook", "jij", "wij", "verzoek", "gegevens", "maar"}
# As Flesch counts for Dutch (Douma 1960): from 60 on people read it who finished school at twelve to fourteen.
PLAIN = 60
WORDS_OF_A_SENTENCE = 15
VOWELS = re.compile(r"[aeiouyàâäéèêëïîôöùûü]+", re.IGNORECASE)
# No sentences of ours: addresses, numbers, days, what the person or the authority is called.
NO_WORDS = re.compile(r"\S+@\S+|https?://\S+|\b[2-9A-HJ-NP-Z]{10}\b|Gegevensbeschermingsautoriteit|python -m.*|\d+")

pytestmark = pytest.mark.django_db


def in_french(text) -> set[str]:
    """Words in it that are not French; a link or a number may hold anything."""
    return (ENGLISH | DUTCH) & set(re.findall(r"[a-zà-ÿ]+", NO_WORDS.sub("", text).lower()))


@pytest.fixture(scope="module")
def french():
    return {entry.msgid: entry for entry in polib.pofile(str(ENGINE / "locale/fr/LC_MESSAGES/django.po"))}


def test_every_sentence_of_a_letter_is_in_the_french_catalogue(french):
    said = set().union(*map(sentences, TEMPLATES))

    assert len(said) > 80
    assert sorted(said - {msgid for msgid, entry in french.items() if entry.translated()}) == []


def test_what_letters_say_in_codes_is_in_the_french_catalogue(french):
    codes = [*Right, *RefusalGround]

    with translation.override("en"):
        assert {str(code.label) for code in codes} - set(french) == set()


def test_french_has_the_placeholders_of_its_sentence(french):
    held = re.compile(r"%\(\w+\)[sd]")

    for msgid, entry in french.items():
        for said in (entry.msgstr, *entry.msgstr_plural.values()):
            assert not said or sorted(held.findall(msgid)) == sorted(held.findall(said)), msgid


def test_every_letter_to_who_reads_french_is_french():
    """G-07."""
    found = {what: in_french(words) for what, words in every_letter("fr").items()}

    assert len(found) > 60
    assert {what: words for what, words in found.items() if words} == {}


def test_what_really_goes_out_to_who_reads_french_is_french(db):
    """G-07: the answer to an erasure too, with the names of tables and the reasons that come from the data map."""
    an, bo = make_member("An", language="fr"), make_member("Bo", last_name="Janssens", language="fr")
    write_everything(an, bo)

    theirs = [message for message in mail.outbox if message.to[0] in {an.email, bo.email}]
    assert len(theirs) >= 12
    said = {message.subject: message.body.replace("Er loopt een geschil.", "") for message in theirs}  # what one of ours wrote
    assert {title: found for title, text in said.items() if (found := in_french(title + text))} == {}


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
@pytest.mark.parametrize("kind", [Kind.REFUSAL, Kind.PARTLY])
def test_each_no_names_ground_reasons_authority_and_court(language, kind):
    """G-07, K-19."""
    request = cases.submit(Right.OBJECTION, subject=make_member("An", language=language).subject)
    request.refusal_ground, request.refusal_reasons = RefusalGround.EXCEPTION, "Zq-7."

    said = words_of(request, kind)

    with translation.override(language):
        ground = str(RefusalGround.EXCEPTION.label)
    court = {"nl": "rechter", "fr": "tribunal", "en": "court"}[language]
    for words in (ground, "Zq-7.", "Drukpersstraat 35, 1000 Brussel", "contact@apd-gba.be", court):
        assert words in said


def test_more_time_and_a_no_are_two_letters():
    """G-08."""
    letters = every_letter("en")

    assert "do not follow" not in letters["extension"]
    assert "Feb. 1, 2027" in letters["extension"]
    assert "This is no refusal." in letters["extension"]
    assert "more time" not in letters[f"refusal {RefusalGround.EXCEPTION}"]


def test_a_question_first_says_what_is_missing_and_that_the_time_stands_still():
    """G-06, G-14: and never asks for a document."""
    letters = every_letter("en")

    assert "stands still" in letters["paused identity True"]
    assert "Never send us a copy of your identity card." in letters["paused identity True"]
    assert "which data you mean" in letters["paused specify True"]
    assert "stands still" not in letters["paused specify False"]


def test_the_mail_about_a_message_does_not_hold_it():
    said = every_letter("en")["message access"]

    assert "does not stand in this mail" in said
    assert [link for link in re.findall(r"https?://\S+", said) if "/not-me/" not in link] == []


def of_each_letter():
    """Its sentences, without what is no sentence of ours."""
    for what, words in every_letter("nl").items():
        plain = NO_WORDS.sub("", words)
        yield what, [sentence for line in plain.split("\n") for sentence in re.split(r"[.?:;] ", f"{line} ") if _words(sentence)]


def _words(text) -> list[str]:
    return re.findall(r"[a-zà-ÿ]+(?:['-][a-zà-ÿ]+)*", text.lower())


def ease(said) -> float:
    """Flesch-Douma: 206.84 - 0.77 x syllables per 100 words - 0.93 x words per sentence."""
    words = [word for sentence in said for word in _words(sentence)]
    syllables = sum(max(len(VOWELS.findall(word)), 1) for word in words)
    return 206.84 - 77 * syllables / len(words) - 0.93 * len(words) / len(said)


def test_every_letter_in_dutch_is_plain():
    """G-71: Flesch-Douma of each letter, and no sentence that loses its reader."""
    found = dict(of_each_letter())

    assert {what: round(ease(said)) for what, said in found.items() if ease(said) < PLAIN} == {}
    lengths = {what: sum(len(_words(each)) for each in said) / len(said) for what, said in found.items()}
    assert {what: round(length, 1) for what, length in lengths.items() if length > WORDS_OF_A_SENTENCE} == {}


def test_the_measure_of_plain_language_sees_what_is_not():
    """G-71."""
    legal = "Onverminderd de toepasselijkheid van de voornoemde reglementaire bepalingen wordt de uitoefening opgeschort."

    assert ease([legal]) < 20
    assert ease(["We wissen je gegevens.", "Dat doen we nu."]) > PLAIN
