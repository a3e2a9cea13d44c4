"""Three ways to use a page: with a mouse, by keyboard alone, and without JavaScript."""

import re
import time

from playwright.sync_api import BrowserContext, Locator, Page, expect

from .clean import assert_silent
from .watch import watched_page

# More stops than any page has.
STOPS_AT_MOST = 150
# Whether who tabs there can see where she is; past the last stop the browser begins again above the page.
STOP = """thing => {
    const element = document.activeElement, style = getComputedStyle(element), box = element.getBoundingClientRect();
    const has_ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    const is_shown = element === document.body || (has_ring && box.bottom > 0 && box.top < innerHeight);
    const is_beside = element.type === 'radio' && thing.type === 'radio' && element.name === thing.name;
    return {html: element.outerHTML.slice(0, 160), is_shown, is_beside, is_there: element === thing};
}"""
# Seconds between two looks at a page that does not move by itself, and for all looks together.
LOOK_AGAIN, LOOK_AT_MOST = 0.3, 30


class Mouse:
    """Finds things by what they are called, as people do; `clicks` counts what she pressed."""

    options = {}

    def __init__(self, window: BrowserContext):
        self.watch = watched_page(window)
        self.page: Page = self.watch.page
        self.clicks = 0

    def visit(self, path: str) -> None:
        self.page.goto(path)

    def press(self, name: str, *, of: str = "") -> None:
        """The link or button of this name in what the page tells, or in the one part of it that holds these words."""
        main = self.page.get_by_role("main")
        self._press(main.locator("article, li, tr, section").filter(has_text=re.compile(of)).last if of else main, name)

    def press_in_menu(self, name: str) -> None:
        self._press(self.page.get_by_role("banner"), name)

    def _press(self, place, name):
        named = {"name": re.compile(name)}
        self.use(place.get_by_role("link", **named).or_(place.get_by_role("button", **named)))
        self.clicks += 1

    def write(self, label: str, text: str) -> None:
        self.fill(self.page.get_by_label(re.compile(label)), text)

    def tick(self, label: str) -> None:
        self.use(self.page.get_by_label(re.compile(label)))

    def sees(self, words: str) -> None:
        expect(self.page.locator("body")).to_contain_text(re.compile(words))

    def is_on(self, heading: str) -> None:
        """The page with this heading, once it has come."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(re.compile(heading))
        assert_silent(self.watch)

    def waits_for(self, thing: Locator) -> None:
        """The page tells by itself."""
        expect(thing).to_be_visible(timeout=LOOK_AT_MOST * 1000)

    def use(self, thing: Locator) -> None:
        thing.click()

    def fill(self, field: Locator, text: str) -> None:
        field.fill(text)


class Keyboard(Mouse):
    """Tab, Enter, Space and letters, arrows among choices of which one counts; each stop on the way must show where she is."""

    def use(self, thing: Locator) -> None:
        self.reach(thing)
        is_link = thing.evaluate("element => element.tagName === 'A'")
        self.page.keyboard.press("Enter" if is_link else "Space")

    def fill(self, field: Locator, text: str) -> None:
        self.reach(field)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def reach(self, thing: Locator) -> None:
        thing.wait_for()
        element = thing.element_handle()
        for _stop in range(STOPS_AT_MOST):
            stop = self.page.evaluate(STOP, element)
            assert stop["is_shown"], f"no focus to be seen on {stop['html']}"
            if stop["is_there"]:
                return
            self.page.keyboard.press("ArrowDown" if stop["is_beside"] else "Tab")
        raise AssertionError(f"{thing} is not reached by Tab")


class Unscripted(Mouse):
    """JavaScript is off; who wants to know more asks for the page again."""

    options = {"java_script_enabled": False}

    def waits_for(self, thing: Locator) -> None:
        end = time.monotonic() + LOOK_AT_MOST
        while not thing.is_visible():
            assert time.monotonic() < end, f"{thing} did not come"
            time.sleep(LOOK_AGAIN)
            self.page.reload()


ACTORS = {"mouse": Mouse, "keyboard": Keyboard, "unscripted": Unscripted}
