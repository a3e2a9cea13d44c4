"""Which sentences a person agreed to: each version of the pages that ask is one text, and another text is another version (Art. 7(1))."""

import hashlib
import re
from pathlib import Path

from consents.pages import TEXT_VERSION

TEMPLATES = Path(__file__).resolve().parents[1] / "templates" / "consents"
# What asks, with all that stands on it: yes to a partner, to less, to offers.
PAGES = ("asking.html", "narrow.html", "contact.html")
INCLUDED = re.compile(r'{% include "consents/([\w./]+)"')
SENTENCE = re.compile(r"{% translate [\"'](.+?)[\"'] (?:as \w+ )?%}|{% blocktranslate[^%]*%}(.+?){% endblocktranslate %}", re.DOTALL)
# Version -> digest of its sentences; a version that somebody may have agreed to is never given another text.
TEXTS = {
    "2026-12.2": "f7ea1474529acde8",
}


def sentences() -> list[str]:
    """In whichever order they stand."""
    return sorted({"".join(found) for page in read() for found in SENTENCE.findall(page)})


def read() -> list[str]:
    names, read = list(PAGES), {}
    while names:
        name = names.pop()
        if name not in read:
            read[name] = (TEMPLATES / name).read_text(encoding="utf-8")
            names += INCLUDED.findall(read[name])
    return list(read.values())


def test_other_sentences_are_another_version():
    digest = hashlib.sha256("\n".join(sentences()).encode()).hexdigest()

    assert TEXTS[TEXT_VERSION] == digest[:16], "Give TEXT_VERSION a new name, and add it here with this digest."


def test_the_sentences_are_found_on_what_the_pages_include():
    assert {"Allow", "Keep what is ticked", "Let it contact me", "What changed", "with {{ name }}"} <= set(sentences())
