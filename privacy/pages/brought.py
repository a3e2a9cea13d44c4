"""What a person reads of an archive that she brought: what is new, what is here, what needs a word of hers, and what stays behind."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..rights.own_row import Offer, Why
from ..rights.taking_in import Category, Report
from . import values


@dataclass(frozen=True)
class Pick:
    """One box: what it is, what is said of it, and whether it is ticked before she does anything."""

    value: str
    title: str
    text: str
    is_ticked: bool


@dataclass(frozen=True)
class Preview:
    """Before she decides."""

    report: Report

    @property
    def picks(self) -> list[Pick]:
        """Where something is new; what others will read she ticks herself."""
        found = [category for category in self.report.taken if category.new]
        return [Pick(each.label, each.title, _of_category(each), not each.is_for_all_to_read) for each in found]

    @property
    def fills(self) -> list[tuple[str, str]]:
        return [(offer.title, said_of(offer)) for offer in self._offers(Why.FILLS)]

    @property
    def words(self) -> list[Pick]:
        """Of her own row, what waits for consent or says something else here."""
        asked = [(offer, _("Everybody can read it, until you take it back.")) for offer in self._offers(Why.CONSENT)]
        asked += [(offer, _("Tick it to put this in its place.")) for offer in self._offers(Why.DIFFERS)]
        return [Pick(offer.name, offer.title, format_html("{} {}", said_of(offer), text), False) for offer, text in asked]

    @property
    def account(self) -> str:
        return self.report.offers[0].label if self.report.offers else ""

    @property
    def nothing_new(self) -> list[tuple[str, str]]:
        return [(each.title, _of_category(each)) for each in self.report.taken if each.brought and not each.new]

    @property
    def left(self) -> list[tuple[str, str]]:
        return stays_behind(self.report)

    @property
    def is_empty(self) -> bool:
        return not (self.picks or self.fills or self.words)

    def _offers(self, why) -> list[Offer]:
        return [offer for offer in self.report.offers if offer.why == why and not offer.problem]


def outcome(report: Report, ticked: Collection[str]) -> list[tuple[str, str]]:
    """After she decided: what was asked, and what came of it."""
    rows = [(each.title, _of_category(each, is_done=True)) for each in report.taken if each.label in ticked]
    own = [offer.title for offer in report.offers if offer.is_taken]
    return [*([(_("Your account"), _("Filled in: %(fields)s.") % {"fields": get_text_list(own, _("and"))})] if own else []), *rows]


def stays_behind(report: Report) -> list[tuple[str, str]]:
    problems = [(offer.title, _("Cannot stand here: %(why)s") % {"why": offer.problem}) for offer in report.offers if offer.problem]
    return problems + [(each.title, each.stays) for each in report.left]


def said_of(offer: Offer):
    """Both values, where there are two."""
    if offer.is_file:
        return _("In the archive is another one.") if offer.why == Why.DIFFERS else ""
    write = values.writer_of(offer.field)
    if offer.why != Why.DIFFERS:
        return write(offer.brought)
    return format_html(_("Here: {}. In the archive: {}."), write(offer.here), write(offer.brought))


def _of_category(category: Category, *, is_done=False) -> str:
    """In sentences, each only where there is something to say."""
    said = [_new(category.new, is_done)] if category.new else []
    if category.is_for_all_to_read and not is_done and category.new:
        said.append(_("Everybody will read it, under the name of your account."))
    if category.here:
        said.append(ngettext("%(count)d is here already.", "%(count)d are here already.", category.here) % {"count": category.here})
    if category.conflicts:
        sentence = ngettext(
            "%(count)d says something else here: that stays as it is.",
            "%(count)d say something else here: those stay as they are.",
            category.conflicts,
        )
        said.append(sentence % {"count": category.conflicts})
    said += [_refused(count, why) for why, count in category.refused.items()]
    return " ".join(said)


def _refused(count: int, why: str) -> str:
    """A refusal of the host's may be a sentence of its own."""
    said = {"count": count, "why": why.removesuffix(".")}
    return ngettext("%(count)d cannot come: %(why)s.", "%(count)d cannot come: %(why)s.", count) % said


def _new(count, is_done):
    if is_done:
        return ngettext("%(count)d taken in.", "%(count)d taken in.", count) % {"count": count}
    return ngettext("%(count)d new.", "%(count)d new.", count) % {"count": count}
