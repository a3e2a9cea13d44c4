"""What was measured: medians, ratios, goals; as a file and as a table."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

FILE = Path(__file__).parent / "results.json"
# Statements that the data steps of an ordinary member's erasure may send.
ROUND_TRIPS_GOAL = 12
# Seconds within which a page's first byte has to be there; a page is measured to its last.
PAGE_GOAL = 0.1
PAGE, ERASE, SEARCH = "page ", "erase ", "search "
# An ordinary member has so few rows, a heavy one so many; nothing is promised in between.
FEW, MANY = 100, 100_000
HEAD = ("", "ours", "limit", "ratio", "goal", "", "memory")
WIDTHS = (10, 10, 8, 6, 9, 10)


@dataclass
class Result:
    """Seconds; `goal` is the highest ratio that will do; `peak_mib` is over an idle worker, `peak_goal_mib` the most that will do."""

    name: str
    rows: int
    ours_s: float
    limit_s: float
    ratio: float
    goal: float | None = None
    peak_mib: float | None = None
    peak_goal_mib: float | None = None
    act_s: float | None = None
    round_trips: int | None = None

    @property
    def is_erasure(self) -> bool:
        """Measured by `bench.erasure`; all else in the file is of `bench` itself."""
        return self.name.startswith((ERASE, SEARCH))

    @property
    def verdict(self) -> str:
        """Of all goals that it has."""
        wanted = [(self.ratio, self.goal), (self.peak_mib, self.peak_goal_mib)]
        met = [found <= goal for found, goal in wanted if goal is not None and found is not None]
        return "" if not met else "met" if all(met) else "not yet"


def result(name: str, rows: int, ours: list[float], limit: list[float], **others) -> Result:
    """Of one measurement in several rounds."""
    return Result(name, rows, median(ours), median(limit), median(ours) / median(limit), **others)


def goal(goals: tuple[float | None, float | None], rows: int) -> float | None:
    """The one for few rows, or the one for many."""
    few, many = goals
    return few if rows <= FEW else many if rows >= MANY else None


def put(results: list[Result], path: Path) -> None:
    """In the place of what the file had of the same part: erasure, or all else."""
    before, parts = read(path) if path.exists() else [], {each.is_erasure for each in results}
    stay = [each for each in before if each.is_erasure not in parts]
    write(sorted([*results, *stay], key=lambda each: not each.is_erasure), path)


def write(results: list[Result], path: Path) -> None:
    shown = [{name: _rounded(value) for name, value in asdict(each).items()} for each in results]
    path.write_text(json.dumps(shown, indent=1) + "\n", encoding="utf-8")


def _rounded(value):
    return round(value, 4) if isinstance(value, float) else value


def read(path: Path = FILE) -> list[Result]:
    return [Result(**each) for each in json.loads(path.read_text(encoding="utf-8"))]


def table(results: list[Result]) -> str:
    return "\n".join([_line(HEAD), *map(_row, results), "", *filter(None, map(_remarks, results)), *_slowest_page(results)])


def _slowest_page(results):
    pages = [each for each in results if each.name.startswith(PAGE)]
    for slowest in sorted(pages, key=lambda page: page.ours_s)[-1:]:
        name, verdict = slowest.name.removeprefix(PAGE), "met" if slowest.ours_s <= PAGE_GOAL else "not yet"
        yield f"the slowest page, {name}: {seconds_said(slowest.ours_s)} (goal {seconds_said(PAGE_GOAL)}): {verdict}"


def _row(each):
    goal = "" if each.goal is None else f"{each.goal:g}"
    memory = "" if each.peak_mib is None else f"{each.peak_mib:.1f} MiB"
    return _line((each.name, seconds_said(each.ours_s), seconds_said(each.limit_s), f"{each.ratio:.2f}", goal, each.verdict, memory))


def _line(cells):
    name, *others = cells
    return f"{name:<40}" + "".join(f"{cell:>{width}}" for cell, width in zip(others, WIDTHS, strict=True)).rstrip()


def seconds_said(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 0.1 else f"{seconds:.2f} s"


def _remarks(each):
    if each.name.startswith(SEARCH):
        return f"{each.name}: {each.rows / each.ours_s:,.0f} rows a second, the limit {each.rows / each.limit_s:,.0f}"
    if each.act_s is None:
        return ""
    trips = f"; the data steps send {each.round_trips} statements (goal {ROUND_TRIPS_GOAL})" if each.round_trips else ""
    return f"{each.name}: the whole act takes {seconds_said(each.act_s)}{trips}"
