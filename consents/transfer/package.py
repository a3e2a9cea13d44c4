"""What would go to a receiver, before anything does: how much of what, and what of it the receiver does not take."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from privacy.pages.download import Choice
from privacy.rights import estimate
from privacy.rights.counting import count_each
from privacy.rights.portability import Scope


@dataclass(frozen=True)
class Kind:
    """One kind of data; `why` says why the receiver leaves it, "" where it does not."""

    title: str
    rows: int
    why: str


@dataclass(frozen=True)
class Package:
    kinds: list[Kind]
    choice: Choice

    @classmethod
    def of(cls, subject, taken: dict[str, str]) -> "Package":
        """`taken` as `remote.takes` gives it; what a receiver does not know it has no place for. Empty: it did not say."""
        maps = [data_map for data_map, _lines in Scope.PORTABLE.parts()]
        counts = count_each(Scope.PORTABLE.rows(data_map, subject) for data_map in maps)
        kinds = [
            Kind(str(data_map.heading()), rows, _why(taken, data_map.label())) for data_map, rows in zip(maps, counts, strict=True) if rows
        ]
        return cls(
            sorted(kinds, key=lambda kind: -kind.rows), Choice(Scope.PORTABLE, estimate.of_each(subject, [Scope.PORTABLE])[Scope.PORTABLE])
        )

    @property
    def goes(self) -> list[Kind]:
        return [kind for kind in self.kinds if not kind.why]

    @property
    def stays(self) -> list[Kind]:
        return [kind for kind in self.kinds if kind.why]


def _why(taken, label) -> str:
    return taken.get(label, _("This kind of data has no place there.")) if taken else ""
