"""Each page in light and dark, on a phone and on a desk: no violation, nothing too wide, nothing too heavy, nothing refused."""

import pytest
from django.urls import get_resolver, reverse

from .clean import BOTH_WAYS, EVERY_APPEARANCE, assert_clean
from .pages import ACTS, PAGES
from .scene import AN

# What a browser keeps instead of showing it.
FILES = {
    "usage:download",
    "consents:receipt",
    "portal:openapi",
    "privacy:figures_file",
    "privacy:processing_file",
    "transfer:outgoing_receipt",
    "transfer:incoming_receipt",
    "privacy:letter_paper",
    "privacy:request_letter",
}


def names_in(namespace):
    _prefix, resolver = get_resolver().namespace_dict[namespace]
    return {f"{namespace}:{name}" for name in resolver.reverse_dict if isinstance(name, str)}


@pytest.mark.parametrize("namespace", ["accounts", "privacy", "consents", "portal", "transfer", "usage", "misconduct"])
def test_every_address_is_looked_at(namespace):
    looked_at = {page.name for page in PAGES}

    assert names_in(namespace) - looked_at - set(ACTS) - FILES == set()


@pytest.mark.parametrize("name", ACTS)
def test_what_is_no_page_shows_nothing(name, scene, open_window, signed_in):
    """So that none is missing below."""
    window = open_window(storage_state=signed_in(AN))

    answer = window.request.get(reverse(name, args=ACTS[name](scene)))

    assert answer.status == 405


@pytest.fixture
def watch(page, scene, lookers):
    """Of whoever looks at this page."""
    return lookers(page.who)


@pytest.mark.parametrize(("number", "page"), [*enumerate(PAGES)][::3], ids=str)
def test_a_page_is_clean(number, page, site, scene, watch):
    """G-71; a third of them: one on a phone in the dark, the next on a desk in the light."""
    page.visit(watch, site, scene)

    assert_clean(watch, [BOTH_WAYS[number % 2]])


@pytest.mark.long
@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_page_is_clean_in_every_appearance(page, site, scene, watch):
    page.visit(watch, site, scene)

    assert_clean(watch, EVERY_APPEARANCE)
