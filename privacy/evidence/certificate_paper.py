"""A certificate of erasure on paper, made from what it says and from nothing else: the same document gives the same pages."""

from collections import Counter, defaultdict
from datetime import date, datetime, tzinfo
from typing import BinaryIO

from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..paper import Column, Paper
from ..paper.document import NOTE
from ..verify.certificate import fingerprint

# Lines per table, so that it stays a sheet of paper; all of them stand in the file.
LINES = 20
# Of a fingerprint, per line.
GROUPS = 8
# Points that the fingerprint takes with the sentence above it: they stand on one page.
FINGERPRINT = 120
# Fates by which rows go, and the one by which they stay as they were; by the others they stay without the person.
GONE, NAMED = {"deleted", "counted", "remove"}, "name_stays"


def write_paper(document: dict, file: BinaryIO, *, zone: tzinfo) -> None:
    """In the language of the document; moments are told in `zone`."""
    with translation.override(document["language"]):
        CertificatePaper(document, file, zone).write()


class CertificatePaper:
    def __init__(self, document, file, zone):
        self.said, self.zone = document, zone
        self.paper = Paper(
            file,
            title=_("Certificate of erasure"),
            author=document["controller"]["name"],
            language=document["language"],
            made_at=datetime.fromisoformat(document["made_at"]),
        )

    def write(self) -> None:
        self.head()
        self.treated()
        self.kept()
        self.scan()
        self.recipients()
        self.backups()
        self.check()
        self.paper.close()

    def head(self) -> None:
        made = {"moment": self.moment(self.said["made_at"]), "number": self.said["number"]}
        self.paper.board(
            self.paper.title,
            " · ".join(self._totals()),
            _("Made on %(moment)s, for request %(number)s.") % made,
            _("It names nobody: all that stands here of the person is the reference %(reference)s.") % self.said,
        )
        self.paper.facts(self._when_and_who())

    def _totals(self):
        rows = Counter()
        for each in self.said["treated"]:
            rows["gone" if each["fate"] in GONE else "named" if each["fate"] == NAMED else "left"] += each["rows"]
        gone, left, named = rows["gone"], rows["left"], rows["named"]
        yield ngettext("%(rows)s record erased", "%(rows)s records erased", gone) % {"rows": figure(gone)}
        if left:
            yield ngettext("%(rows)s stays without the person", "%(rows)s stay without the person", left) % {"rows": figure(left)}
        if named:
            yield ngettext("%(rows)s stays with the name, as asked", "%(rows)s stay with the name, as asked", named) % {
                "rows": figure(named)
            }
        kept = sum(each["rows"] for each in self.said["kept"] + self.said["held"])
        yield ngettext("%(rows)s kept, with the reason", "%(rows)s kept, with the reason", kept) % {"rows": figure(kept)}

    def _when_and_who(self):
        moments = self.said["moments"]
        yield _("Asked"), self.moment(moments["asked"])
        yield _("Hidden"), self.moment(moments["hidden"])
        yield _("Erased"), self.moment(moments["erased"])
        if "replayed" in moments:
            yield (
                _("Once more"),
                _("A backup was put back, which knew the person again: on %(moment)s we erased again.")
                % {"moment": self.moment(moments["replayed"])},
            )
        yield _("Who is responsible?"), joined(self.said["controller"])
        yield _("A question?"), joined(self.said["dpo"])

    def treated(self) -> None:
        paper, removed = self.paper, self.said["files_removed"]
        paper.heading(_("What became of the data"), level=2)
        columns = [Column(_("What")), Column(_("Now")), Column(_("Records"), is_figure=True)]
        self.table(
            columns, [[capfirst(each["title"]), worded(each["outcome"], each["reason"]), each["rows"]] for each in self.said["treated"]]
        )
        if removed:
            files = ngettext("%(files)s stored file was removed.", "%(files)s stored files were removed.", removed)
            paper.paragraph(files % {"files": figure(removed)}, NOTE)

    def kept(self) -> None:
        paper = self.paper
        paper.heading(_("What stays, and why"), level=2)
        if not self.said["kept"] and not self.said["held"]:
            paper.paragraph(_("Nothing."))
            return
        columns = [Column(_("What")), Column(_("Why")), Column(_("Until")), Column(_("Records"), is_figure=True)]
        rows = [[capfirst(each["title"]), each["reason"], self._until(each), each["rows"]] for each in self.said["held"]]
        self.table(columns, rows + list(self._kept_alike()))

    def _kept_alike(self):
        """What stays on one ground until one day, on one line; the file has a line for each table."""
        alike = defaultdict(list)
        for each in self.said["kept"]:
            alike[each["reason"], each["until"]].append(each)
        for (reason, until), kept in alike.items():
            titles = ", ".join(each["title"] for each in kept)
            yield [capfirst(titles), reason, until, sum(each["rows"] for each in kept)]

    def _until(self, held):
        if held["until"]:
            return self.day(held["until"])
        return _("looked at again on %(day)s") % {"day": self.day(held["review_on"])} if held["review_on"] else ""

    def scan(self) -> None:
        scan = self.said["scan"]
        if scan is None:
            return
        self.paper.heading(_("What we looked for afterwards"), level=2)
        found = {name: figure(scan[name]) for name in ("rows", "places", "remains", "listed", "names")}
        sentence = _(
            "On %(moment)s we looked in %(places)s places and %(rows)s rows for everything that pointed to the person. "
            "Left over: %(remains)s."
        )
        self.paper.paragraph(sentence % {**found, "moment": self.moment(scan["at"])})
        self._unread(scan.get("unread", 0))  # certificates of before did not count them
        if scan["listed"] or scan["names"]:
            listed = _(
                "In what is kept, or was written by others, such a mark stands %(listed)s times, and a name like it %(names)s times. "
                "Our data protection officer has the list."
            )
            self.paper.paragraph(listed % found)

    def _unread(self, places) -> None:
        if places:
            sentence = ngettext(
                "%(places)s place refused to be read: what stands there we do not know.",
                "%(places)s places refused to be read: what stands there we do not know.",
                places,
            )
            self.paper.paragraph(sentence % {"places": figure(places)})

    def recipients(self) -> None:
        self.paper.heading(_("Who was told to erase too"), level=2)
        if self.said["recipients"]:
            columns = [Column(_("Recipient")), Column(_("Our message"))]
            self.table(columns, [[each["name"], each["outcome"]] for each in self.said["recipients"]])
        else:
            self.paper.paragraph(_("Nobody: no recipient held something."))

    def backups(self) -> None:
        self.paper.heading(_("Backups"), level=2)
        sentence = _("The last backup that may still hold the data expires on %(day)s. Should we need one before, we erase again first.")
        self.paper.paragraph(sentence % {"day": self.day(self.said["backups"]["end_on"])})

    def check(self) -> None:
        """How to find out that nobody made this up."""
        self.paper.heading(_("Is this real?"), level=2, needs=FINGERPRINT)
        where = _(
            "Check the file certificate-%(number)s.json that came with this paper, at %(issuer)s or on your own computer. "
            "You should then see this fingerprint:"
        )
        self.paper.paragraph(where % self.said)
        groups = fingerprint(self.said).split()
        self.paper.paragraph("\n".join(" ".join(groups[start : start + GROUPS]) for start in range(0, len(groups), GROUPS)))

    def table(self, columns, rows) -> None:
        """The first lines; what the others come to in one."""
        shown = rows if len(rows) <= LINES else rows[: LINES - 1]
        self.paper.table(columns, [[*(str(cell) for cell in cells[:-1]), cell_of(cells[-1])] for cells in shown])
        if len(shown) < len(rows):
            more = len(rows) - len(shown)
            rest = ngettext("And %(more)d line more: it stands in the file.", "And %(more)d lines more: they stand in the file.", more)
            self.paper.paragraph(rest % {"more": more}, NOTE)

    def moment(self, said) -> str:
        return date_format(datetime.fromisoformat(said).astimezone(self.zone), "j F Y, H:i")

    def day(self, said) -> str:
        return date_format(date.fromisoformat(said[:10]), "j F Y")


def figure(number: int) -> str:
    return number_format(number, force_grouping=True)


def cell_of(value) -> str:
    return figure(value) if isinstance(value, int) else value


def worded(outcome, reason) -> str:
    return f"{outcome} ({reason})" if reason else outcome


def joined(who) -> str:
    return ", ".join(said for said in who.values() if said)
