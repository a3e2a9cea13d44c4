"""What an erasure does is told to a data protection officer as the data map and the steps say it."""

import io
import os
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import translation

from privacy.datamap import registry
from privacy.pages.explained import as_markdown

PAGE = Path(__file__).resolve().parents[1] / "docs" / "erasure.md"
BEGIN, END = "<!-- map -->\n", "<!-- /map -->"


def printed(language):
    said = io.StringIO()
    call_command("print_erasure", language=language, stdout=said)
    return said.getvalue()


def test_the_page_says_what_the_map_says():
    """To write it anew: WRITE_DOCS=1 python -m pytest tests/test_explained.py"""
    if os.environ.get("WRITE_DOCS"):
        before, begin, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        PAGE.write_text(before + begin + page_part() + END + rest.partition(END)[2], encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0] == page_part()


def page_part():
    with translation.override("en"):
        return as_markdown()


@translation.override("en")
def test_every_record_type_is_told_once():
    said = as_markdown()

    for data_map in registry.maps.values():
        title = str(data_map.heading())
        assert said.count(f"| {title[0].upper()}{title[1:]} |") == 1, title


@pytest.mark.parametrize(("language", "heading"), [("en", "What is kept whole"), ("nl", "Wat helemaal blijft")])
def test_it_is_printed_in_a_language(language, heading):
    assert f"### {heading}\n" in printed(language)
