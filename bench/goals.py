"""The goals, each with what was measured: of ratios, statements, memory and pages."""

from collections.abc import Iterator
from dataclasses import dataclass

from .results import PAGE, PAGE_GOAL, ROUND_TRIPS_GOAL, Result, seconds_said


@dataclass(frozen=True)
class Goal:
    """In words, as they stand in a table."""

    name: str
    at_most: str
    measured: str
    is_met: bool

    @property
    def verdict(self) -> str:
        return "met" if self.is_met else "not yet"


def goals(measured: list[Result]) -> Iterator[Goal]:
    """In the order of what was measured; of memory and of pages the one that is farthest from the goal."""
    for each in measured:
        if each.goal is not None:
            yield Goal(each.name, f"{each.goal:g} x", f"{each.ratio:.2f} x", each.ratio <= each.goal)
        if each.round_trips and not each.name.startswith(PAGE):
            met = each.round_trips <= ROUND_TRIPS_GOAL
            yield Goal(f"{each.name}, statements", str(ROUND_TRIPS_GOAL), str(each.round_trips), met)
    yield from _memory([each for each in measured if each.peak_goal_mib is not None])
    yield from _pages([each for each in measured if each.name.startswith(PAGE)])


def _memory(measured):
    if measured:
        most = max(measured, key=lambda each: each.peak_mib)
        name, met = f"memory over an idle worker: {most.name}", most.peak_mib <= most.peak_goal_mib
        yield Goal(name, f"{most.peak_goal_mib:g} MiB", f"{most.peak_mib:.1f} MiB", met)


def _pages(measured):
    for rows in dict.fromkeys(each.rows for each in measured):
        slowest = max((each for each in measured if each.rows == rows), key=lambda each: each.ours_s)
        yield Goal(f"slowest {slowest.name}", seconds_said(PAGE_GOAL), seconds_said(slowest.ours_s), slowest.ours_s <= PAGE_GOAL)


def revoking(found: dict) -> Iterator[Goal]:
    """Of calls that began after their permission ended, none may open anything."""
    if found:
        yield Goal("calls answered after the permission ended", "0", f"{found['answered']} of {found['tried']}", not found["answered"])


def desk(found: dict) -> Iterator[Goal]:
    """Of the lists of the desk the slowest."""
    if found:
        slowest = max(found["lists"], key=lambda each: each["p95_s"])
        name = f"list of the desk, p95 of the slowest ({slowest['name']}), {found['requests']} requests"
        yield Goal(name, seconds_said(PAGE_GOAL), seconds_said(slowest["p95_s"]), slowest["p95_s"] <= PAGE_GOAL)
