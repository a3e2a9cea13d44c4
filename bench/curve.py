"""The memory curve as a picture: what an export adds to an idle worker, from a hundred rows to a million."""

from math import log10

from .results import Result

WIDTH, HEIGHT = 720, 340
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 56, 52
# Name of a measurement up to its size -> what the picture calls it, and the class of its line.
CURVES = {"whole archive of": ("whole archive", "archive"), "export": ("JSON alone", "json")}
GOAL_MIB, STEP_MIB = 16, 4
DECADES = range(2, 7)

HEAD = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-labelledby="title desc">
<title id="title">Memory of an export over an idle worker</title>
<desc id="desc">{said}</desc>
<style>
svg {{ font: 14px system-ui, sans-serif }}
:root {{ --ink: #1f2328; --soft: #59636e; --grid: #d1d9e0; --archive: #0f6a73; --json: #8a4b08; --goal: #b3261e }}
@media (prefers-color-scheme: dark) {{
:root {{ --ink: #f0f6fc; --soft: #9ba5b0; --grid: #3d444d; --archive: #5cc8d1; --json: #e3a35c; --goal: #ff8f85 }}
}}
text {{ fill: var(--soft) }} .title {{ fill: var(--ink); font-weight: 600; font-size: 16px }}
.grid {{ stroke: var(--grid) }} .goal {{ stroke: var(--goal); stroke-width: 2; stroke-dasharray: 6 5 }}
text.goal {{ fill: var(--goal); stroke: none }}
polyline {{ fill: none; stroke-width: 3; stroke-linejoin: round }}
.archive {{ stroke: var(--archive) }} circle.archive {{ fill: var(--archive) }} text.archive {{ fill: var(--archive); stroke: none }}
.json {{ stroke: var(--json) }} circle.json {{ fill: var(--json) }} text.json {{ fill: var(--json); stroke: none }}
</style>
<text class="title" x="{left}" y="26">Memory over an idle worker, in MiB</text>
"""


def picture(results: list[Result]) -> str:
    """An SVG that is readable on light and on dark."""
    curves = {start: _points(results, start) for start in CURVES}
    said = "; ".join(_said(CURVES[start][0], points) for start, points in curves.items())
    head = HEAD.format(width=WIDTH, height=HEIGHT, left=LEFT, said=said)
    highest = _highest([mib for points in curves.values() for _rows, mib in points])
    lines = [line for start, points in curves.items() for line in _curve(start, points, highest)]
    return "\n".join([head + "\n".join(_axes(highest)), *lines, "</svg>", ""])


def _highest(peaks) -> int:
    """Where the axis ends: room above the goal, and above whatever was measured."""
    return max(GOAL_MIB + STEP_MIB, *(STEP_MIB * (1 + int(mib / STEP_MIB)) for mib in peaks))


def _points(results, start) -> list[tuple[int, float]]:
    """Rows and MiB, ascending."""
    return sorted((each.rows, each.peak_mib) for each in results if each.name == f"{start} {each.rows} rows" and each.rows >= 100)


def _said(name, points) -> str:
    return f"{name}: " + ", ".join(f"{mib:.1f} MiB at {rows:,} rows" for rows, mib in points)


def _axes(highest):
    for mib in range(0, highest + 1, STEP_MIB):
        yield f'<path class="grid" d="M{LEFT} {_y(mib, highest)}H{WIDTH - RIGHT}"/>'
        yield f'<text x="{LEFT - 12}" y="{_y(mib, highest) + 5}" text-anchor="end">{mib}</text>'
    for decade in DECADES:
        x = _x(10**decade)
        yield f'<text x="{x}" y="{HEIGHT - BOTTOM + 24}" text-anchor="{_anchor(decade)}">{10**decade:,}</text>'
    yield f'<text x="{(LEFT + WIDTH - RIGHT) // 2}" y="{HEIGHT - 6}" text-anchor="middle">rows of the person</text>'
    yield f'<path class="goal" d="M{LEFT} {_y(GOAL_MIB, highest)}H{WIDTH - RIGHT}"/>'
    yield f'<text class="goal" x="{LEFT + 8}" y="{_y(GOAL_MIB, highest) - 8}">at most {GOAL_MIB} MiB</text>'


def _anchor(decade) -> str:
    return "end" if decade == DECADES[-1] else "middle"


def _curve(start, points, highest):
    name, look = CURVES[start]
    if points:
        yield f'<polyline class="{look}" points="{" ".join(f"{_x(rows)},{_y(mib, highest)}" for rows, mib in points)}"/>'
        yield from (f'<circle class="{look}" cx="{_x(rows)}" cy="{_y(mib, highest)}" r="4"/>' for rows, mib in points)
        rows, mib = points[-1]
        yield f'<text class="{look}" x="{_x(rows)}" y="{_y(mib, highest) - 12}" text-anchor="end">{name}</text>'


def _x(rows) -> float:
    first, last = DECADES[0], DECADES[-1]
    return round(LEFT + (WIDTH - LEFT - RIGHT) * (log10(rows) - first) / (last - first), 1)


def _y(mib, highest) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * mib / highest, 1)
