"""Which names deceive: they hold what nobody sees, mix alphabets within a word, or look like the name of another organisation."""

import unicodedata

from privacy.evidence.recipients import Recipient

from ..errors import NameDeceives, NameTaken

# No sign at all, though Unicode counts them among letters, marks and symbols: fillers, joiners, an empty braille cell.
BLANK = set("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {chr(0xFE00 + nth) for nth in range(16)}
BLANK |= {chr(0x180B + nth) for nth in range(5)} | {chr(0xE0100 + nth) for nth in range(240)}
# Of alphabets with letters that are drawn alike; others stand beside Latin in one word, as in Japanese.
DRAWN_ALIKE = {"ARMENIAN", "CHEROKEE", "COPTIC", "CYRILLIC", "GREEK", "LATIN", "LISU"}
# Letters of Cyrillic and Greek, and figures, beside what they are read as (after Unicode TR39, confusables.txt).
READ_AS = str.maketrans(
    "АВЕЅІЈКМНОРСТУХ" + "авеѕіјкмнорстухһԁԛԝӏ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ" + "αβεηικνορτυχγω" + "01|ı",  # noqa: RUF001
    "abesijkmhopctyx" + "abesijkmhopctyxhdqwl" + "abezhikmnoptyx" + "abenikvoptuxyw" + "olli",
)
# Two letters that are read as one.
PAIRS = (("rn", "m"), ("vv", "w"))


def refuse_deceiving(name: str) -> None:
    """NameDeceives."""
    if not (name.isprintable() and BLANK.isdisjoint(name) and all(len(_alphabets(word)) <= 1 for word in name.split())):
        raise NameDeceives


def refuse_taken(name: str, *, by_others_than=None) -> None:
    """NameTaken where another organisation's name looks like this one; `by_others_than` is the partner whose name it is to be."""
    others = Recipient.objects.exclude(pk=by_others_than.recipient_id) if by_others_than else Recipient.objects.all()
    if look(name) in map(look, others.values_list("name", flat=True)):
        raise NameTaken


def look(name: str) -> str:
    """The same for names that a reader takes for one another: without case, accents, blanks and punctuation."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).translate(READ_AS).casefold())
    letters = "".join(filter(str.isalnum, plain)).replace("i", "l")
    for pair, letter in PAIRS:
        letters = letters.replace(pair, letter)
    return letters or plain


def _alphabets(word) -> set[str]:
    found = {unicodedata.name(letter, "").partition(" ")[0] for letter in unicodedata.normalize("NFKC", word) if letter.isalpha()}
    return found & DRAWN_ALIKE
