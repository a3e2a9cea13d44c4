"""Which sentences a person agreed to: no sentence of the pages about consent changes under the same version (Art. 7(1))."""

import ast
import hashlib
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation.template import templatize

from consents.pages import TEXT_VERSION, TEXTS

PAGES = settings.BASE_DIR / "templates" / "consents"
# All that templatize leaves of a page besides the calls is X's and spaces.
LITERAL = re.compile(r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')""")


def sentences(page: str) -> set[str]:
    """In English, as they stand in the catalogue; also the plural ones."""
    return {ast.literal_eval(literal) for literal in LITERAL.findall(templatize(page))}


def digest(folder: Path) -> str:
    found = set().union(*(sentences(file.read_text(encoding="utf-8")) for file in folder.rglob("*.html")))
    return hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest()


def test_the_sentences_are_those_of_the_version_that_is_put_on_record():
    now = digest(PAGES)

    assert TEXTS[TEXT_VERSION] == now, f'A sentence of templates/consents changed: add a version with "{now}" at the end of TEXTS.'


def test_no_two_versions_say_the_same():
    assert len(set(TEXTS.values())) == len(TEXTS)


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ('{% load i18n %}<p>{% translate "Allow access" %}</p>', {"Allow access"}),
        ("{% load i18n %}{% blocktranslate %}May {{ name }} come?{% endblocktranslate %}", {"May %(name)s come?"}),
        (
            "{% load i18n %}{% blocktranslate count times=n %}{{ times }} time{% plural %}{{ times }} times{% endblocktranslate %}",
            {"%(times)s time", "%(times)s times"},
        ),
        ('{% load i18n %}{{ titles|default:_("A code") }} it\'s', {"A code"}),
    ],
)
def test_every_sentence_of_a_page_counts(page, found):
    assert sentences(page) == found


def test_another_sentence_is_another_digest(tmp_path):
    digests = []
    for said in ("Allow access", "Allow all access"):
        (tmp_path / "page.html").write_text(f'{{% load i18n %}}<p class="a">{{% translate "{said}" %}}</p>')
        digests.append(digest(tmp_path))

    assert len(set(digests)) == 2


def test_what_only_looks_otherwise_is_the_same(tmp_path):
    digests = []
    for look in ("a", "b"):
        (tmp_path / "page.html").write_text(f'{{% load i18n %}}<p class="{look}">{{% translate "Allow access" %}}</p>')
        digests.append(digest(tmp_path))

    assert len(set(digests)) == 1
