"""The tables and the picture of docs/benchmarks.md, from the files of results: `python -m bench.document` writes both anew."""

import json
import re
from pathlib import Path

from . import curve, results
from .goals import desk, goals, revoking
from .results import PAGE, SEARCH, Result, seconds_said

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGE_FILE, PICTURE = DOCS / "benchmarks.md", DOCS / "memory-curve.svg"
FOLDER = Path(__file__).resolve().parent
PLACE = "<!-- {name} -->\n{table}<!-- /{name} -->"


def write() -> None:
    PAGE_FILE.write_text(filled(PAGE_FILE.read_text(encoding="utf-8")), encoding="utf-8")
    PICTURE.write_text(curve.picture(results.read()), encoding="utf-8")


def filled(text: str) -> str:
    """The page with every table where its name marks a place."""
    for name, table in tables().items():
        place, written = re.compile(PLACE.format(name=name, table=".*?"), re.DOTALL), PLACE.format(name=name, table=table)
        text = place.sub(lambda _found, written=written: written, text)
    return text


def tables() -> dict[str, str]:
    """Each by the name of its place in the page."""
    said = json.loads((FOLDER / "peers.json").read_text(encoding="utf-8"))
    measured, growth, beside, ending, calls, sealing = map(_read, ("results", "growth", "beside", "ending", "calls", "sealing"))
    revoked, lists = _found("revoking"), _found("desk")
    return {
        "results": table([each for each in measured if not each.name.startswith((PAGE, SEARCH))]),
        "search": search([each for each in measured if each.name.startswith(SEARCH)]),
        "pages": pages([each for each in measured if each.name.startswith(PAGE)]),
        "growth": table(growth),
        "beside": table(beside),
        "ending": table(ending),
        "calls": table(calls),
        "sealing": table(sealing),
        "revoking": _table(
            ["permissions ended", "calls before", "calls after", "of which answered"], [map(str, revoked.values())] if revoked else []
        ),
        "desk": _table(["list", "median", "p95", "statements", "its statements alone"], map(_list_cells, lists.get("lists", []))),
        "desk-plans": "".join(map(_plan, lists.get("plans", {}).items())),
        "peers": peers(said, "export"),
        "peers-erase": peers(said, "erase"),
        "goals": _table(
            ["goal", "at most", "measured", ""],
            map(_goal_cells, [*goals([*measured, *growth, *beside, *ending, *calls, *sealing]), *revoking(revoked), *desk(lists)]),
        ),
    }


def _read(name) -> list[Result]:
    """None where nobody measured it yet."""
    file = FOLDER / f"{name}.json"
    return results.read(file) if file.exists() else []


def _found(name) -> dict:
    file = FOLDER / f"{name}.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def table(measured: list[Result]) -> str:
    return _table(["", "ours", "limit", "ratio", "goal", "memory", ""], map(_cells, measured))


def _cells(each):
    memory = "" if each.peak_mib is None else f"{each.peak_mib:.1f} MiB"
    goal = "" if each.goal is None else f"{each.goal:g}"
    return [_grouped(each.name), seconds_said(each.ours_s), seconds_said(each.limit_s), f"{each.ratio:.2f}", goal, memory, each.verdict]


def search(measured: list[Result]) -> str:
    """Rows that are read in a second."""
    head = ["", "ours", "limit", "ours, rows a second", "limit, rows a second", "ratio", "goal", ""]
    return _table(head, map(_search_cells, measured))


def _search_cells(each):
    ours, limit = (f"{each.rows / seconds:,.0f}" for seconds in (each.ours_s, each.limit_s))
    name, ours_s, limit_s, ratio, goal, _memory, verdict = _cells(each)
    return [name, ours_s, limit_s, ours, limit, ratio, goal, verdict]


def _goal_cells(goal):
    return [_grouped(goal.name), goal.at_most, goal.measured, goal.verdict]


def _list_cells(each):
    return [each["name"], seconds_said(each["p50_s"]), seconds_said(each["p95_s"]), str(each["statements"]), seconds_said(each["alone_s"])]


def _plan(found) -> str:
    name, lines = found
    return "\n".join([f"{name.capitalize()}:", "", "```", *lines, "```", "", ""])


def pages(measured: list[Result]) -> str:
    sizes = list(dict.fromkeys(each.rows for each in measured))
    found = {(_page(each), each.rows): each for each in measured}
    head = ["page", *(title for rows in sizes for title in (f"{rows:,} rows", "its statements alone"))]
    return _table(
        head, ([name, *(cell for rows in sizes for cell in _looked(found[name, rows]))] for name in dict.fromkeys(map(_page, measured)))
    )


def _page(each) -> str:
    return re.search("“(.*)”", each.name)[1]


def _looked(each):
    return seconds_said(each.ours_s), seconds_said(each.limit_s)


def peers(everything: list[dict], act: str) -> str:
    """Seconds, beside how many times ours and the memory; what was worked out has a sign before it and nothing beside it."""
    said = [each for each in everything if each.get("act", "export") == act]
    sizes, found = sorted({each["rows"] for each in said}), {(each["name"], each["rows"]): each for each in said}
    head = ["", *(f"{rows:,} rows" for rows in sizes)]
    return _table(
        head, ([name, *(_peer(found.get((name, rows))) for rows in sizes)] for name in dict.fromkeys(each["name"] for each in said))
    )


def _peer(each) -> str:
    if each is None:
        return ""
    if each["times"] is None:
        return f"≈ {each['seconds']:,.0f} s"
    return f"{seconds_said(each['seconds'])} ({each['times']:g} x, {each['peak_mib']:g} MiB)"


def _table(head, rows) -> str:
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (head, ["---"] * len(head), *rows))


def _grouped(name) -> str:
    """100,000 instead of 100000."""
    return re.sub(r"\d{4,}", lambda digits: f"{int(digits[0]):,}", name)


if __name__ == "__main__":
    write()
