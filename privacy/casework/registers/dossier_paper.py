"""The registers on paper: what each of them holds on the day it is made, and nobody's name (Art. 30, 33(5))."""

from collections import defaultdict
from datetime import date
from typing import BinaryIO
from uuid import UUID

from dateutil.relativedelta import relativedelta
from django.db.models import Count
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ...conf import setting
from ...datamap import KeepGround, Right, registry
from ...datamap.register import Entry, entries
from ...evidence import seals, trail
from ...evidence.recipients import Recipient
from ...paper import Column, Paper
from ...paper.document import NOTE
from ...rights.holds import HeldRecord, Hold
from .. import figures
from . import processors
from .authorities import AuthorityRequest
from .breaches import Breach, BreachNotice

# Of requests, whose figures stand on the paper.
MONTHS = 12


class DossierPaper:
    """In the language and the zone of the moment it is written."""

    def __init__(self, file: BinaryIO, *, language: str, made_at):
        self.made_at = made_at
        title, author = _("What we do with personal data"), str(setting("CONTROLLER")["name"])
        self.paper = Paper(file, title=title, author=author, language=language, made_at=made_at, is_whole=True)

    def register(self) -> None:
        """Art. 30 alone."""
        self._head(_("The register of processing activities, as the data map declares it."))
        self._processing()

    def everything(self, *, reader_ref) -> None:
        self._head(_("All that we keep to show that we keep the rules. It names nobody whose data we hold."))
        self._processing()
        self._processors()
        self._breaches()
        self._authorities(reader_ref)
        self._holds()
        self._figures()
        self._trail()

    def close(self) -> None:
        self.paper.close()

    def _head(self, what):
        self.paper.board(self.paper.title, what, _("Made on %(moment)s.") % {"moment": moment(self.made_at)})
        self.paper.facts(
            [(_("Who is responsible?"), joined(setting("CONTROLLER"))), (_("Data protection officer"), joined(setting("DPO")))]
        )

    def _processing(self):
        self.paper.heading(_("Register of processing activities (Art. 30(1) GDPR)"))
        for entry in entries():
            self._entry(entry)

    def _entry(self, entry: Entry):
        self.paper.heading(capfirst(entry.slug.replace("-", " ")), level=2)
        self.paper.facts(self._of_entry(entry), is_dense=True)
        rows = [
            [capfirst(each.title), ", ".join(column.title for column in each.columns), "; ".join([each.fate, *each.time_limits])]
            for each in entry.categories
        ]
        rows += [[capfirst(held.name), held.what, held.erased_by] for held in entry.held_elsewhere]
        self.paper.table([Column(_("Data")), Column(_("What")), Column(_("On erasure"))], rows)

    def _of_entry(self, entry):
        yield _("Purpose"), entry.purpose
        yield _("Controller"), ", ".join(filter(None, [entry.controller.name, entry.controller.address, entry.controller.email]))
        if joint := entry.joint_controllers:
            yield _("Jointly with"), "; ".join(joint)
        yield _("Lawful bases"), ", ".join(str(basis.label) for basis in entry.lawful_bases)
        yield _("Persons"), entry.persons
        yield _("Source"), entry.source
        yield _("Recipients"), ", ".join(entry.recipients) or _("none")
        yield _("Transfers"), entry.transfers
        yield _("Time limits"), entry.retention
        yield _("Security"), entry.security

    def _processors(self):
        self._table(
            _("Who works for us"),
            [_("Processor"), _("Work"), _("Contract")],
            [[each.name, each.get_category_display(), day(each.contract_on)] for each in processors.processors()],
        )
        partners = Recipient.objects.filter(kind=Recipient.Kind.CONTROLLER).annotate(times=Count("disclosures")).order_by("name")
        rows = [[each.name, each.contact_email, figure(each.times)] for each in partners]
        self._table(_("Who else receives data"), [_("Recipient"), _("Contact"), _("Times")], rows, figures=1)

    def _breaches(self):
        self.paper.heading(_("Breaches (Art. 33(5) GDPR)"))
        found = Breach.objects.prefetch_related("phases", "notices__recipient", "notices__phase").order_by("aware_at", "pk")
        for breach in found:
            self._breach(breach)
        if not found:
            self.paper.paragraph(_("None."))

    def _breach(self, breach):
        self.paper.heading(f"{breach.title} ({breach.ref})", level=2)
        began = [(_("Began"), moment(breach.began_at))] if breach.began_at else []
        self.paper.facts([*began, (_("Known to us"), moment(breach.aware_at)), (_("Noted"), moment(breach.noted_at))])
        for phase in sorted(breach.phases.all(), key=lambda phase: phase.number):
            self.paper.paragraph(_("Phase %(number)d, %(moment)s") % {"number": phase.number, "moment": moment(phase.at)}, NOTE)
            self._blocks(phase)
        rows = [self._told(notice) for notice in sorted(breach.notices.all(), key=lambda notice: notice.pk)]
        self.paper.table([Column(_("Who was told")), Column(_("When")), Column(_("How, or why not"))], rows or [[_("nobody"), "", ""]])

    def _blocks(self, phase):
        """In full, over as many pages as it takes."""
        names = {activity.slug: activity.heading for activity in registry.activities()}
        uses = ", ".join(str(names.get(slug, slug)) for slug in phase.activities)
        about = {"persons": figure(phase.persons), "records": figure(phase.records), "uses": uses}
        for label, text in [
            (_("What was harmed"), ", ".join(phase.kinds_in_words)),
            (_("Whom it concerns"), _("About %(persons)s persons and %(records)s records, in: %(uses)s") % about),
            (_("What happened"), phase.facts),
            (_("What may follow"), phase.effects),
            (_("What was done"), phase.measures),
            (_("Who says more"), phase.contact),
            (_("Risk"), phase.get_risk_display()),
        ]:
            self.paper.paragraph(f"{label}: {text}")

    def _told(self, notice: BreachNotice):
        who = notice.recipient.name if notice.recipient else notice.get_to_display()
        late = _("late") if notice.is_late else ""
        how = [notice.get_outcome_display(), notice.get_way_display(), notice.reference, late]
        told = [(_("What may follow"), notice.effects), (_("What was done"), notice.measures)]
        said = ["; ".join(filter(None, how)), notice.words, *(f"{label}: {text}" for label, text in told if text)]
        return [capfirst(f"{who} ({notice.phase.number})"), moment(notice.at), "\n".join(filter(None, said))]

    def _authorities(self, reader_ref):
        rows = [
            [each.ref, each.authority.name, each.legal_ground, day(each.received_on), each.get_outcome_display() or _("open")]
            for each in AuthorityRequest.objects.shown_to(reader_ref).select_related("authority").order_by("received_on", "pk")
        ]
        titles = [_("Number"), _("Authority"), _("Legal ground"), _("Received"), _("Outcome")]
        self._table(_("Data asked by courts and authorities"), titles, rows)

    def _holds(self):
        """By ground: the first day on which one is looked at again, and how many there are; one that was set aside in parts counts once."""
        found: dict[str, dict[UUID, date]] = defaultdict(dict)
        for holds, key in [(Hold, "pk"), (HeldRecord, "hold_ref")]:
            for ground, ref, review_on in holds.objects.values_list("ground", key, "review_on").distinct():
                found[ground][ref] = review_on
        rows = [[capfirst(KeepGround(each).label), day(min(refs.values())), figure(len(refs))] for each, refs in sorted(found.items())]
        titles = [_("Ground"), _("Looked at again from"), _("Holds")]
        self._table(_("Held back from erasure (Art. 17(3) GDPR)"), titles, rows, figures=1)

    def _figures(self):
        """Of the last twelve months, this one included; the same numbers as on their page."""
        last = localtime(self.made_at).date().replace(day=1)
        found = figures.of([last - relativedelta(months=back) for back in reversed(range(MONTHS))], self.made_at)
        told = [(capfirst(right.label), found.of_right(right)) for right in Right]
        rows = [self._of_right(name, tally) for name, tally in [*told, (_("All"), found.total)] if tally.received]
        titles = [_("Right"), _("Received"), _("Answered"), _("Within one month"), _("Within three months"), _("Median days")]
        self._table(_("Requests of the last twelve months"), titles, rows, figures=5)

    def _of_right(self, name, tally):
        """A share with the numbers that it is of; done at once counts as received alone."""
        shares = [
            _("%(part)s of %(whole)s") % {"part": figure(each.part), "whole": figure(each.whole)}
            for each in (tally.within_month, tally.within_three)
        ]
        return [
            name,
            figure(tally.received),
            figure(tally.answered),
            *shares,
            "" if tally.median_days is None else number_format(tally.median_days, 1),
        ]

    def _trail(self):
        self.paper.heading(_("The log of what we did"))
        entries_ = trail.TrailEntry.objects.count()
        sentence = ngettext("%(entries)s entry, of which the last seal is:", "%(entries)s entries, of which the last seal is:", entries_)
        self.paper.paragraph(sentence % {"entries": figure(entries_)})
        self.paper.paragraph(seals.head() or _("none"), NOTE)

    def _table(self, heading, titles, rows, *, figures=0):
        """`figures`: how many of the last columns are."""
        self.paper.heading(heading)
        if rows:
            plain = len(titles) - figures
            self.paper.table([Column(title, is_figure=nth >= plain) for nth, title in enumerate(titles)], rows)
        else:
            self.paper.paragraph(_("None."))


def moment(at) -> str:
    return date_format(localtime(at), "j F Y, H:i")


def day(on) -> str:
    return date_format(on, "j F Y") if on else _("not on record")


def figure(number: int) -> str:
    return number_format(number, force_grouping=True)


def joined(who) -> str:
    return ", ".join(str(said) for said in who.values() if said)
