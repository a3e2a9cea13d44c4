"""Whether a page is fit to be seen: accessible, within the window, light, and silent on the console, in every appearance."""

from itertools import product

from axe_playwright_python.base import AXE_SCRIPT

from .watch import Watch

EVERY_APPEARANCE = tuple(product((360, 1280), ("light", "dark")))
# Each width and each scheme once.
BOTH_WAYS = ((360, "dark"), (1280, "light"))
# Of a page without its pictures.
BYTES_AT_MOST = 60_000

OPEN_DETAILS = "document.querySelectorAll('details').forEach(details => { details.open = true })"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
AXE = """axe.run({resultTypes: ['violations'], preload: false}).then(found => found.violations.flatMap(
    violation => violation.nodes.map(node => `${violation.id}: ${node.html.slice(0, 160)} (${node.failureSummary})`)))"""


def assert_clean(watch: Watch, appearances=BOTH_WAYS, *, bytes_at_most=BYTES_AT_MOST) -> None:
    """In light and dark, on a phone and on a desk, everything unfolded."""
    assert watch.bytes_fetched() <= bytes_at_most, f"{watch.bytes_fetched()} bytes"
    page = watch.page
    page.evaluate(AXE_SCRIPT)
    page.evaluate(OPEN_DETAILS)
    found = []
    for width, scheme in dict.fromkeys((*BOTH_WAYS, *appearances)):
        appear(page, width, scheme)
        faults = _too_wide(page) + (_violations(page) if (width, scheme) in appearances else [])
        found += [f"{width} {scheme}: {fault}" for fault in faults]
    assert not found, "\n".join(found)
    assert_silent(watch)


def assert_silent(watch: Watch) -> None:
    """No refusal by the policy for content, no error of a script, no dialog."""
    assert not watch.complaints, "\n".join(watch.complaints)
    assert watch.dialogs == []


def _too_wide(page):
    overflow = page.evaluate(OVERFLOW)
    return [f"{overflow} px too wide"] if overflow > 0 else []


def _violations(page):
    return page.evaluate(AXE)


def appear(page, width, scheme):
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
