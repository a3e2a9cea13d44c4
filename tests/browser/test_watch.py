"""What the other tests rely on: a page with a fault is not called clean."""

import pytest

from .actors import Keyboard
from .clean import BYTES_AT_MOST, assert_clean
from .watch import watched_page

GOOD = """<!doctype html><html lang="nl"><head><title>Goed</title><meta name="viewport" content="width=device-width"></head>
<body><main><h1>Goed</h1>{}</main></body></html>"""
POLICY = {"Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'", "Content-Type": "text/html; charset=utf-8"}
NO_POLICY = {"Content-Type": "text/html; charset=utf-8"}
# Hidden to who likes it light, and to who has room.
IN_THE_DARK = "<style>@media (prefers-color-scheme:dark){p{color:#111;background:#222}}</style><p>onleesbaar</p>"
ON_A_PHONE = "<p>" + "nietafgebroken" * 8 + "</p>"


@pytest.fixture
def window_on(open_window):
    """A function that opens a window in which /fault/ holds this, under the policy for content or under none."""

    def window(inside, **headers):
        opened = open_window()
        opened.route("**/fault/", lambda route: route.fulfill(body=GOOD.format(inside), headers=headers or POLICY))
        return opened

    return window


def watch(window):
    watched = watched_page(window)
    watched.page.goto("/fault/")
    return watched


def test_a_page_without_fault_is_clean(window_on):
    assert_clean(watch(window_on("<p>leesbaar</p>")))


@pytest.mark.parametrize(
    ("inside", "what"),
    [
        ("<input>", "label"),
        (ON_A_PHONE, "360 dark: .* px too wide"),
        ('<p style="color:red">x</p>', "style-src"),
        ("<script>alert(1)</script>", "Executing inline script"),
        ('<img alt="" src="https://elders.example/x.png">', "img-src"),
        ("x" * BYTES_AT_MOST, "bytes"),
    ],
    ids=["no label", "too wide on a phone", "style of its own", "script of its own", "picture from elsewhere", "too heavy"],
)
def test_a_fault_is_found(inside, what, window_on):
    with pytest.raises(AssertionError, match=what):
        assert_clean(watch(window_on(inside)))


def test_a_fault_in_the_dark_is_found(window_on):
    with pytest.raises(AssertionError, match="360 dark: color-contrast"):
        assert_clean(watch(window_on(IN_THE_DARK, **NO_POLICY)))


def test_a_dialog_is_found(window_on):
    with pytest.raises(AssertionError, match="hallo"):
        assert_clean(watch(window_on("<script>alert('hallo')</script>", **NO_POLICY)))


def test_a_stop_without_a_ring_is_found(window_on):
    she = Keyboard(window_on("<style>a{outline:none}</style><a href='/'>Weg</a><button>Doel</button>", **NO_POLICY))
    she.visit("/fault/")

    with pytest.raises(AssertionError, match="no focus to be seen on <a"):
        she.press("Doel")
