"""What becomes of a row when its person is erased."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from .vocabulary import KeepGround


@dataclass(frozen=True)
class RowFate:
    """`stays`: the row outlives the person, so each personal line says what is left of it."""

    name: str
    label: str
    stays: bool = False


@dataclass(frozen=True)
class Counted(RowFate):
    """Deleted; lives on only in counts of at least 10 people, made from everybody's rows (evidence/statistics.py)."""

    statistic: type | None = None


@dataclass(frozen=True)
class Kept(RowFate):
    """Nothing changes: `ground` says why it may stay (Art. 17(3)), `until` for how long."""

    ground: KeepGround = KeepGround.LEGAL_CLAIMS
    until: str = ""


@dataclass(frozen=True)
class Chosen(RowFate):
    """A publication: the member chooses per group what stays (K-4)."""

    group: str = ""


deleted = RowFate("deleted", _("removed"))
anonymised = RowFate("anonymised", _("kept without you"), stays=True)
shared = RowFate("shared", _("your side removed; deleted when nobody is left"), stays=True)
hollow = RowFate("hollow", _("pseudonymous: kept because other data need it, with stand-ins"), stays=True)


def counted(statistic: type) -> Counted:
    return Counted("counted", _("removed; only counts of at least 10 people remain"), False, statistic)


def kept(ground: KeepGround, until: str) -> Kept:
    return Kept("kept", _("kept"), True, KeepGround(ground), until)


def chosen(group: str) -> Chosen:
    return Chosen("chosen", _("as you choose"), True, group)
