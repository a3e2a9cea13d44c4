"""The register of processing activities (Art. 30(1)), read from the data map."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ..conf import hook, setting
from .activity import Activity, Controller
from .lines import Line
from .maps import DataMap, Registry, registry
from .vocabulary import LawfulBasis


@dataclass(frozen=True)
class Column:
    """One personal column: its name in the database, its title for people, and where its value comes from."""

    name: str
    title: str
    origin: str


@dataclass(frozen=True)
class Category:
    """The rows of one table: what they hold, and what becomes of them."""

    label: str
    title: str
    columns: tuple[Column, ...]
    fate: str
    time_limits: tuple[str, ...]


@dataclass(frozen=True)
class Elsewhere:
    """Data outside the database."""

    name: str
    what: str
    erased_by: str


@dataclass(frozen=True)
class Entry:
    """One activity with what Art. 30(1)(a)-(g) asks; texts are in the language of the moment it was made."""

    slug: str
    controller: Controller
    data_protection_officer: tuple[str, str]
    purpose: str
    lawful_bases: tuple[LawfulBasis, ...]
    persons: str
    source: str
    categories: tuple[Category, ...]
    held_elsewhere: tuple[Elsewhere, ...]
    recipients: tuple[str, ...]
    transfers: str
    retention: str
    security: str

    @property
    def joint_controllers(self) -> list[str]:
        """Who decides about it together with us (Art. 26), with where they are reached: asked of the host when it is read."""
        return [", ".join(filter(None, map(str, who))) for who in hook("JOINT_CONTROLLERS")(self.slug)]


def entries(data: Registry = registry) -> list[Entry]:
    """The whole register, by slug; activities whose data are all outside the database included."""
    activities = {activity.slug: activity for activity in [*data.activities(), *(held.activity for held in data.elsewhere)]}
    return [_entry(activity, data) for _slug, activity in sorted(activities.items())]


def _entry(activity: Activity, data: Registry) -> Entry:
    officer = setting("DPO")
    maps = [data_map for data_map in data.maps.values() if data_map.activity is activity]
    return Entry(
        slug=activity.slug,
        controller=Controller(*(str(text) for text in (activity.controller.name, activity.controller.address, activity.controller.email))),
        data_protection_officer=(str(officer["name"]), str(officer["email"])),
        purpose=str(activity.purpose),
        lawful_bases=tuple(activity.lawful_bases),
        persons=str(activity.persons),
        source=str(activity.source),
        categories=tuple(_category(data_map) for data_map in sorted(maps, key=lambda data_map: data_map.label())),
        held_elsewhere=tuple(_elsewhere(held) for held in data.elsewhere if held.activity is activity),
        recipients=tuple(str(recipient) for recipient in activity.recipients),
        transfers=str(activity.transfers),
        retention=str(activity.retention),
        security=str(activity.security),
    )


def _category(data_map: type[DataMap]) -> Category:
    return Category(
        label=data_map.label(),
        title=str(data_map.heading()),
        columns=tuple(Column(line.name, str(data_map.title(line)), str(line.role.label)) for line in data_map.personal_lines()),
        fate=str(data_map.row.label),
        time_limits=tuple(time_limits(data_map)),
    )


def time_limits(data_map: type[DataMap]):
    """The envisaged time limits for erasure (Art. 30(1)(f)), beside those of the activity."""
    if data_map.row.name == "kept":
        yield _("%(ground)s; %(until)s") % {"ground": data_map.row.ground.label, "until": data_map.row.until}
    for line in data_map.lines.values():
        if line.expires:
            yield _expiry(data_map, line)


def _expiry(data_map: type[DataMap], line: Line) -> str:
    since = data_map.title(data_map.lines[line.expires.since])
    what = {"column": data_map.title(line), "treatment": line.erase.label, "days": line.expires.days, "since": since}
    return _("%(column)s: %(treatment)s %(days)s days after “%(since)s”") % what


def _elsewhere(held) -> Elsewhere:
    return Elsewhere(str(held.name), str(held.what), str(held.erased_by))
