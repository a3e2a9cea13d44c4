"""Somebody asks without signing in; the officer takes more time, then refuses a part of it. Her letters are opened as PDF, and read."""

import re
from io import BytesIO

from django.urls import reverse
from pypdf import PdfReader

from tests.drills.site import wait_until

from . import acts, walk
from .actors import Mouse
from .scene import DAAN

EMAIL = "nele.wouters@school.example"
WHY_LONGER = "We zoeken dit in drie oude systemen na."
# Where she complains, and that she may go to court.
ROUTE = ("Drukpersstraat 35", "rechter")
WHY_NOT = "Wie je bericht las, zeggen we niet: dat gaat over een ander."


def test_what_a_visitor_asks_is_answered_in_part_and_her_letters_say_so(site, scene, open_window):
    """G-04, G-07, G-08, G-09, G-17."""
    site.do(acts.arrives, EMAIL, first_name="Nele", last_name="Wouters")
    she, he = Mouse(open_window()), Mouse(open_window())

    number = asks(she, site)
    walk.sign_in(he, DAAN)
    takes_more_time(he, number)
    answers_in_part(he, number)

    letters = letters_of(he, number)
    assert all(words in letters["meer tijd"] for words in (number, WHY_LONGER, "geen weigering"))
    assert WHY_NOT not in letters["meer tijd"]
    assert all(words in letters["deels uitgevoerd"] for words in (number, WHY_NOT, *ROUTE))
    assert not [name for name in ("Nele", EMAIL) if any(name in text for text in letters.values())]
    assert len([mail for mail in site.mails_to(EMAIL) if number in mail.text]) >= len(letters)


def asks(she, site) -> str:
    """The number that she reads once she confirmed it."""
    she.visit(reverse("privacy:ask"))
    she.page.locator("input[name=right][value=information]").check()
    she.page.locator("input[name=email]").fill(EMAIL)
    send(she)
    confirming = wait_until(lambda: links_in(site.mails_to(EMAIL)), what="a link to confirm")
    she.visit(confirming[0])
    send(she)
    return she.page.locator("dl.facts code").first.inner_text()


def links_in(mails) -> list[str]:
    return [found for mail in mails for found in re.findall(r"https?://\S+/ask/\S+", mail.text)]


def takes_more_time(he, number):
    he.visit(reverse("privacy:extend", args=[number]))
    walk.say_why(he)
    he.page.locator("input[name=reason][value=complex]").check()
    he.page.locator("textarea[name=words]").fill(WHY_LONGER)
    send(he)
    he.sees(re.escape(WHY_LONGER))
    he.page.locator("button[name=send]").click()
    he.sees(number)


def answers_in_part(he, number):
    """The letter is read before it goes."""
    he.visit(reverse("privacy:answer", args=[number]))
    he.page.locator("input[name=answer][value=partly]").check()
    he.page.locator("input[name=ground][value=rights_of_others]").check()
    he.page.locator("textarea[name=reasons]").fill(WHY_NOT)
    send(he)
    he.sees(re.escape(WHY_NOT))
    he.page.locator("button[name=send]").click()
    he.sees("deel")


def letters_of(he, number) -> dict[str, str]:
    """Kind -> what stands on paper."""
    he.visit(reverse("privacy:letters", args=[number]))
    links = he.page.locator("a[href$='.pdf']").all()
    papers = {link.get_attribute("aria-label"): he.page.request.get(link.get_attribute("href")).body() for link in links}
    texts = {label: text_of(paper) for label, paper in papers.items()}
    return {kind: next(text for label, text in texts.items() if kind in label) for kind in ("meer tijd", "deels uitgevoerd")}


def text_of(paper) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(BytesIO(paper)).pages))


def send(actor):
    actor.page.locator("main form button").first.click()
    actor.page.wait_for_load_state()
