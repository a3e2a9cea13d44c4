"""A person's archive for reading and printing, `report.pdf`: the answer to "What do we know about you?" (Art. 12(1), 15(1))."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import BinaryIO

from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..datamap import LawfulBasis, Right, Role, registry
from ..paper import Column, Paper
from ..paper.document import NOTE, STRONG
from .manifest import name_of
from .readable import Reader, Titles, counted, is_somebody

# A record is laid out as a table as long as it has so few columns, and no value longer than this among the rows looked at.
COLUMNS_IN_TABLE, CHARACTERS_IN_TABLE, LOOKED_AT = 6, 70, 200

# What she can do, as the pages say it.
RIGHTS = {
    Right.ACCESS: (gettext_lazy("See what we know"), gettext_lazy("Everything in one place, with the reason beside it.")),
    Right.PORTABILITY: (gettext_lazy("Take your data along"), gettext_lazy("An archive that you can open, and load elsewhere.")),
    Right.RECTIFICATION: (gettext_lazy("Correct something"), gettext_lazy("Change what is wrong, or add what is missing.")),
    Right.WITHDRAWAL: (gettext_lazy("Take a consent back"), gettext_lazy("No reason needed, and it counts at once.")),
    Right.OBJECTION: (gettext_lazy("Say no to a use"), gettext_lazy("Tell us what has to stop. We look at it together.")),
    Right.RESTRICTION: (gettext_lazy("Put a use on hold"), gettext_lazy("We keep your data, and do nothing else with them.")),
    Right.ERASURE: (gettext_lazy("Have everything erased"), gettext_lazy("You first see what goes, and what stays and why.")),
    Right.INFORMATION: (gettext_lazy("Ask for an explanation"), gettext_lazy("We say it again in other words.")),
}


def write_report(manifest: dict, rows: dict[str, list[dict]], titles: Titles, file: BinaryIO, *, most: int | None = None) -> None:
    """`rows`: the latest of each part that has any ("usage_favourite"), newest first; `titles`: per part what its keys are called.

    At most `most` rows of a part are printed; the others only lend their names to rows that point at them.
    """
    with translation.override(manifest["language"]):
        Report(manifest, rows, titles, file, most=most).write()


class Report:
    def __init__(self, manifest, rows, titles, file, *, most=None):
        self.manifest, self.rows, self.most, self.read = manifest, rows, most, Reader(manifest, _own_titles(manifest, rows) | titles)
        self.activities = {activity["slug"]: activity for activity in manifest["activities"]}
        self.held = [part for part in manifest["parts"] if part["rows"]]
        self.paper = Paper(
            file,
            title=_("What do we know about you?"),
            author=str(manifest["controller"]["name"]),
            language=manifest["language"],
            made_at=datetime.fromisoformat(manifest["made_at"]),
        )

    def write(self) -> None:
        self.answer()
        self.reasons()
        self.recipients()
        self.what_you_can_do()
        self.left_out()
        self.records()
        if self.paper.has_lacked:
            self.paper.paragraph(_("□ stands where this paper has no letter for what was written. Your data files have it."), NOTE)
        self.paper.close()

    def answer(self) -> None:
        paper, said = self.paper, self.manifest
        totals = [
            ngettext("%(rows)s record", "%(rows)s records", said["rows"]) % {"rows": counted(said["rows"])},
            ngettext("%(number)d kind of data", "%(number)d kinds of data", len(self.held)) % {"number": len(self.held)},
            ngettext("%(number)d recipient", "%(number)d recipients", len(said["recipients"])) % {"number": len(said["recipients"])},
        ]
        paper.board(paper.title, " · ".join(totals), " ".join(self._scope()))
        if said.get("confirmation"):
            paper.paragraph(said["confirmation"], STRONG)
        paper.facts(self._who())
        paper.heading(_("Your data in figures"), level=2)
        largest_first = sorted(self.held, key=lambda part: -part["rows"])
        columns = [Column(_("What")), Column(_("For")), Column(_("Records"), is_figure=True)]
        paper.table(columns, ([capfirst(str(part["title"])), self._called(part), counted(part["rows"])] for part in largest_first))
        empty = [str(part["title"]) for part in said["parts"] if not part["rows"]]
        if empty:
            paper.paragraph(_("We hold nothing of you in: %(kinds)s.") % {"kinds": ", ".join(empty)}, NOTE)

    def _scope(self):
        scope, made = self.manifest["scope"], self.read.plain(self.manifest["made_at"])
        yield _("Everything we hold.") if scope["kind"] == "everything" else _("What you can take along.")
        if scope.get("activity"):
            yield _("Only for: %(purpose)s.") % {"purpose": self._title(scope["activity"])}
        if scope.get("since"):
            yield _("From %(moment)s.") % {"moment": self.read.plain(scope["since"])}
        if scope.get("until"):
            yield _("Until %(moment)s.") % {"moment": self.read.plain(scope["until"])}
        yield _("Made on %(moment)s, for reference %(reference)s.") % {"moment": made, "reference": self.manifest["subject"]}

    def _who(self):
        controller, dpo, authority = (self.manifest[who] for who in ("controller", "dpo", "authority"))
        yield _("Who is responsible?"), _joined(controller)
        yield _("A question about your data?"), _joined(dpo)
        yield _("Not content with our answer?"), _complaint(authority)

    def reasons(self) -> None:
        """Per use of her data (Art. 15(1)(a)-(d), (g), (h), 15(2))."""
        self.paper.heading(_("Why we have it"), needs=160)
        for activity in self._used():
            parts = [part for part in self.held if part["activity"] == activity["slug"]]
            self.paper.heading(self._title(activity["slug"]), figure=counted(sum(part["rows"] for part in parts)), level=2, needs=120)
            self.paper.facts(self._reason(activity, parts))
            columns = [Column(_("What")), Column(_("After erasure")), Column(_("Records"), is_figure=True)]
            self.paper.table(columns, ([capfirst(str(each["title"])), each["after_erasure"], counted(each["rows"])] for each in parts))

    def _used(self):
        return [activity for slug, activity in self.activities.items() if any(part["activity"] == slug for part in self.held)]

    def _reason(self, activity, parts):
        bases = activity["bases"]
        names = [bases[basis] for basis in bases] if isinstance(bases, dict) else [LawfulBasis(basis).label for basis in bases]
        yield _("Why"), f"{activity['purpose']}."
        yield _("May we"), "{} {}.".format(_("Yes, on the ground of"), ", ".join(map(str, names)))
        yield _("How long"), f"{capfirst(str(activity['retention']))}."
        yield _("Where it comes from"), f"{capfirst(str(activity['source']))}."
        received = capfirst(", ".join(map(str, activity["recipients"]))) + "." if activity["recipients"] else ""
        yield _("Who received it"), received or _("Nobody is meant to receive it.")
        yield _("Does it leave Europe"), f"{capfirst(str(activity['transfers']))}."
        inferred = [str(column["label"]) for part in parts for column in part["columns"] if column["role"] == Role.INFERRED]
        decisions = (
            f"{capfirst(str(activity['decisions']))}." if activity.get("decisions") else _("No. Nothing is decided about you by machine.")
        )
        yield _("Do we decide by it"), " ".join([decisions, *_derived(inferred)])

    def recipients(self) -> None:
        """By name, with first and last date (Art. 15(1)(c))."""
        paper, known = self.paper, self.manifest["recipients"]
        paper.heading(_("Who received it"), figure=counted(len(known)))
        if known:
            paper.facts(map(self._recipient, known))
        else:
            paper.paragraph(_("Nobody. We handed nothing of yours to others."))
        elsewhere = self.manifest["held_elsewhere"]
        if elsewhere:
            paper.heading(_("What lies outside the database"), level=2)
            paper.table([Column(_("Where")), Column(_("What"))], ([capfirst(str(each["name"])), each["what"]] for each in elsewhere))

    def _recipient(self, got):
        first, last = self.read.day(got["first_at"]), self.read.day(got["last_at"])
        told = _("We told it of a change; nothing else is on record.")
        sent = {"first": first, "last": last, "what": self.read.plain(got["labels"])}
        said = _("First on %(first)s, last on %(last)s: %(what)s.") % sent if first else told
        return got["name"], "\n".join(filter(None, (capfirst(str(got["kind"])), said, got["contact"], got["privacy_url"])))

    def what_you_can_do(self) -> None:
        """Her rights, and where she complains (Art. 15(1)(e), (f))."""
        paper, dpo = self.paper, self.manifest["dpo"]
        paper.heading(_("What you can do"), needs=100)
        rights = [(Right(each["right"]), str(each["label"])) for each in self.manifest["rights"]]
        paper.facts((RIGHTS[right][0], f"{RIGHTS[right][1]} ({label})") for right, label in rights if right in RIGHTS)
        where = self.manifest.get("issuer")
        if where:
            paper.paragraph(_("Sign in at %(site)s, or write to %(dpo)s. It is free.") % {"site": where, "dpo": dpo["email"]})
        else:
            paper.paragraph(_("Write to %(dpo)s. It is free.") % {"dpo": dpo["email"]})
        paper.paragraph(_("Not content with our answer?"), STRONG)
        paper.paragraph(_complaint(self.manifest["authority"]))

    def left_out(self) -> None:
        """What was masked for others, and what is kept secret (Art. 15(4))."""
        masked = [(part, mask) for part in self.held for mask in part["masked"]]
        secret = [(part, left) for part in self.held for left in part["left_out"]]
        if not masked and not secret:
            return
        self.paper.heading(_("What is not in it"), needs=100)
        columns = [Column(_("What")), Column(_("Column")), Column(_("Why")), Column(_("Times"), is_figure=True)]
        said = [[self._label(part, mask["column"]), mask["reason"], counted(mask["count"])] for part, mask in masked]
        said += [[str(left["label"]), str(left["reason"]), ""] for _part, left in secret]
        of = [capfirst(str(part["title"])) for part, _entry in masked + secret]
        self.paper.table(columns, ([title, *rest] for title, rest in zip(of, said, strict=True)))

    def records(self) -> None:
        paper = self.paper
        paper.heading(_("What is in it"), figure=counted(self.manifest["rows"]), needs=160)
        paper.paragraph(
            _(
                "The latest first. What ends in … stands in full in the files named under each heading. "
                "Numbers of rows, and what only says that a row is yours, stand there alone. Times are those of %(zone)s."
            )
            % {"zone": self.read.zone}
        )
        for part in self.held:
            self._part(part, self.rows.get(_name(part), [])[: self.most])

    def _part(self, part, rows):
        paper, columns = self.paper, self._columns(part)
        paper.heading(capfirst(str(part["title"])), figure=counted(part["rows"]), level=2, needs=80)
        paper.paragraph(self._where(part, len(rows)), NOTE)
        if not columns or not rows:
            return
        readers = [(column["name"], self.read.of(part, column)) for column in columns]
        if self._is_table(columns, rows, readers):
            titles = [Column(capfirst(str(column["label"])), self._is_figure(column, rows)) for column in columns]
            paper.table(titles, ([read(row.get(name)) for name, read in readers] for row in rows))
        else:
            self._blocks(columns, rows, readers)

    def _blocks(self, columns, rows, readers):
        """A record with much to say: one line per value, without those that are empty."""
        labels = [capfirst(str(column["label"])) for column in columns]
        for row in rows:
            said = [(label, read(row.get(name))) for label, (name, read) in zip(labels, readers, strict=True)]
            self.paper.facts([(label, value) for label, value in said if value], is_dense=True)
            self.paper.rule()

    def _where(self, part, shown):
        files = " · ".join(filter(None, (part["file"], part.get("csv"))))
        if shown < part["rows"]:
            return _("The latest %(shown)s of %(rows)s. All of them, in full: %(files)s") % {
                "shown": counted(shown),
                "rows": counted(part["rows"]),
                "files": files,
            }
        return files

    def _columns(self, part):
        """Those that tell her something; of more than one row the moment comes first, so that she finds hers."""
        columns = [column for column in part["columns"] if _tells(part, column, self.read.titles)]
        return sorted(columns, key=lambda column: column["name"] != part.get("moment")) if part["rows"] > 1 else columns

    def _is_table(self, columns, rows: Iterable, readers) -> bool:
        if len(columns) > COLUMNS_IN_TABLE:
            return False
        values = (read(row.get(name)) for row in islice(rows, LOOKED_AT) for name, read in readers)
        return all(len(value) <= CHARACTERS_IN_TABLE and value.count("\n") < 3 for value in values)

    def _is_figure(self, column, rows):
        values = [row.get(column["name"]) for row in islice(rows, LOOKED_AT)]
        is_plain = not column.get("codes") and not column.get("references") and column["role"] != Role.PERSON
        return is_plain and any(values) and all(value is None or type(value) in (int, float) for value in values)

    def _called(self, part):
        return self._title(part["activity"])

    def _title(self, slug):
        activity = self.activities.get(slug, {})
        return capfirst(str(activity.get("title") or activity.get("purpose") or slug))

    def _label(self, part, name):
        return next((str(column["label"]) for column in part["columns"] if column["name"] == name), name)


def _name(part) -> str:
    """As in `rows`; the record's own name where it has no file."""
    return part["record"].replace(".", "_").lower()


def _own_titles(manifest, rows) -> Titles:
    """What she calls the rows of hers that others of hers point at, such as folders; she herself is no title."""
    parts = {_name(part): part for part in manifest["parts"]}
    pointed = {column["references"] for part in parts.values() for column in part["columns"]} & rows.keys()
    return {name: _called_by(parts[name], rows[name]) for name in pointed - {name_of(root) for root in registry.roots}}


def _called_by(part, rows):
    """By key, which comes first, the first thing that she gave."""
    key = part["columns"][0]["name"]
    given = next((column["name"] for column in part["columns"] if column["role"] == Role.PROVIDED and not column["codes"]), None)
    return {row[key]: row[given] for row in rows if row[given]} if given else {}


def _tells(part, column, titles) -> bool:
    """A key or a reference by which we found her row tells her nothing; who of several people it is, or what lies between, does."""
    if column["role"] == Role.PERSON:
        return is_somebody(part, column) or bool(titles.get(column["references"]))
    return column["role"] != Role.NOT_PERSONAL


def _joined(who) -> str:
    return "\n".join(str(said) for said in who.values() if said)


def _complaint(authority) -> str:
    return _("You can complain to the %(name)s, %(address)s, %(email)s, or go to court.") % authority


def _derived(labels):
    if labels:
        yield _("We derived this ourselves: %(columns)s.") % {"columns": ", ".join(labels)}
