"""The reading page of an archive: what Python writes of it. How it looks and works: tests/browser/test_viewer.py."""

import json
import re

import pytest

from privacy.rights import viewer
from privacy.rights.viewer import pages, shard, titles

from .archives import HOSTILE
from .viewing import lines_of, manifest_of, tables_of_an

CALL = re.compile(r'inzage\.(\w+)\("(\w+)", \[\n(.*)\]\);\n', re.DOTALL)
ADDRESS = re.compile(rb"(?:https?:)?//[\w.-]+\.\w+")
# Names of formats, never fetched.
NAMES = {b"http://www.w3.org"}


def read(script: bytes) -> list:
    """The rows of a script, as the page reads them."""
    _name, _part, lines = CALL.fullmatch(script.decode("ascii")).groups()
    return [json.loads(json.loads(line.rstrip(","))) for line in lines.splitlines()]


def written(**options) -> dict[str, bytes]:
    return dict(pages(manifest_of(tables_of_an(), **options), {"why": HOSTILE}, {}))


def sentences() -> dict:
    script = (viewer.PAGE / "sentences.js").read_text(encoding="utf-8")
    return json.loads(script.partition("window.sentences = ")[2].rstrip().rstrip(";"))


def test_a_shard_says_what_the_rows_say():
    row = {"id": 9007199254740993, "text": HOSTILE}

    assert read(b"".join(shard("usage_message", lines_of([row])))) == [row]


def test_a_shard_is_ascii_whatever_people_wrote():
    """So that no reading of it, in any encoding, ends a string or a line early."""
    script = b"".join(shard("usage_message", lines_of([{"text": HOSTILE}])))

    assert script.isascii()
    assert b"\r" not in script


def test_titles_say_what_a_key_stands_for():
    called = {17: HOSTILE, "b": "Romeinen"}

    assert read(b"".join(titles("usage_resource", called))) == [[17, HOSTILE], ["b", "Romeinen"]]


def test_a_page_names_no_address_but_those_that_the_manifest_has():
    files = written()
    told = re.findall(ADDRESS, json.dumps(manifest_of(tables_of_an())).encode())

    found = {address for name, content in files.items() if not name.endswith(".txt") for address in re.findall(ADDRESS, content)}

    assert found <= NAMES | set(told)


def test_the_policy_lets_only_our_scripts_run():
    index = written()["index.html"].decode()

    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', index)[1]
    nonce = re.search(r"script-src 'nonce-([\w+/=]+)';", policy)[1]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'" in policy
    assert set(re.findall(r"<script (.*?)>", index)) == {
        f'nonce="{nonce}" src="viewer/{name}.js" defer' for name in ("sentences", "viewer", "about")
    }


def test_another_archive_marks_its_scripts_otherwise():
    one, other = written(), dict(pages(manifest_of(tables_of_an(viewed=3)), {}, {}))

    assert one["index.html"] != other["index.html"]
    assert written() == one


def test_no_handler_and_no_style_stands_in_the_page():
    index = written()["index.html"].decode()

    assert not re.search(r"\s(on\w+|style)=|<style|javascript:|<script[^>]*>[^<]", index)


def test_the_page_puts_nothing_in_as_markup():
    script = (viewer.PAGE / "viewer.js").read_text(encoding="utf-8")

    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|DOMParser|\.on\w+ *=", script)


def test_without_scripts_the_page_leads_to_the_files():
    index = written()["index.html"].decode()

    plain = index[index.index("<noscript>") : index.index("</noscript>")]
    assert 'href="report.pdf"' in plain
    assert 'href="csv/usage_message.csv"' in plain
    assert "usage_score" not in plain


def test_a_hostile_title_stays_text_without_scripts():
    manifest = manifest_of(tables_of_an())
    manifest["parts"][0]["title"] = "</noscript><script>alert(1)</script>"

    index = dict(pages(manifest, {}, {}))["index.html"].decode()

    assert "<script>alert" not in index


@pytest.mark.parametrize("language", ["nl", "en", "fr"])
def test_the_page_says_everything_in_each_language(language):
    told = sentences()

    assert set(told[language]) == set(told["nl"])
    assert all(told[language].values())


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_sentence_speaks_of_the_same_things_in_each_language(language):
    told = sentences()

    differing = [key for key in told["nl"] if set(re.findall(r"{\w+}", told[language][key])) != set(re.findall(r"{\w+}", told["nl"][key]))]

    assert differing == []


def test_each_sentence_that_the_page_names_is_there():
    script = (viewer.PAGE / "viewer.js").read_text(encoding="utf-8")
    told = sentences()["nl"]

    named = set(re.findall(r'say\("([\w.]+)"', script))

    assert [key for key in named if key not in told and f"{key}.other" not in told] == []


def test_the_stylesheet_brings_its_font_and_fetches_nothing():
    sheet = written()["viewer/viewer.css"].decode()

    assert [address[:9] for address in re.findall(r"url\(([^)]+)\)", sheet)] == ["data:font"]
