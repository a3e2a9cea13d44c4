"""The picture and the table of docs/requests.md, drawn from the state machine itself."""

from django.utils import translation

from privacy.casework.states import TRANSITIONS, Status

# Of the picture: where the first box stands, how far apart boxes and rows are, and how large a box is.
LEFT, TOP, ACROSS, DOWN = 20, 60, 220, 56
WIDTH, HEIGHT = 150, 36
# Before the ends, for the words on their lines.
ROOM = 60
# What leads from one to another, as it is called in code; every move has its words.
BY = {
    Status.APPROVED: "approve",
    Status.RUNNING: "begin",
    Status.FULFILLED: "fulfil",
    Status.PARTLY: "refuse in part",
    Status.REFUSED: "refuse",
    Status.CANCELLED: "cancel",
    Status.OVERTAKEN: "an erasure was first",
}
STYLE = """<style>
svg { font: 14px system-ui, sans-serif }
:root { --ink: #15231e; --soft: #4a5a53; --act: #125e4b; --rule: #6f7f77; --paper: #fbfdfb }
@media (prefers-color-scheme: dark) {
:root { --ink: #edf2ee; --soft: #b4c4bb; --act: #6fc7ae; --rule: #84968d; --paper: #15201b }
}
text { fill: var(--ink); text-anchor: middle } .by { fill: var(--soft); font-size: 12px }
rect { fill: var(--paper); stroke: var(--act); stroke-width: 2 } .end { stroke: var(--rule) }
path { fill: none; stroke: var(--rule); stroke-width: 1.5; marker-end: url(#arrow) } .stem { marker-end: none }
circle, #arrow path { fill: var(--rule); stroke: none }
</style>
<defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto">
<path d="M0 0 10 5 0 10Z"/></marker></defs>
"""


def opens() -> list[Status]:
    """Which lead somewhere, in the order of a request's life."""
    return [status for status in Status if status in TRANSITIONS]


def ends() -> list[Status]:
    return [status for status in Status if status not in TRANSITIONS]


def picture() -> str:
    """The open ones stand in a row on top, each end on a line of its own; a dot says that the way goes there from the one above."""
    with translation.override("en"):
        parts = [*_row(), *_stems(), *(part for nth, end in enumerate(ends()) for part in _line(nth, end))]
        return f"{_head()}{STYLE}{chr(10).join(parts)}\n</svg>\n"


def table() -> str:
    with translation.override("en"):
        lines = [f"| {status.value} | {', '.join(_after(status)) or 'nowhere: it is closed'} | {status.label} |\n" for status in Status]
    return "| status | leads to | what people read |\n| --- | --- | --- |\n" + "".join(lines)


def _after(status) -> list[str]:
    return [other.value for other in Status if other in TRANSITIONS.get(status, ())]


def _head():
    told = "; ".join(f"{status.value} leads to {', '.join(_after(status))}" for status in opens())
    size = f"{_middle(len(opens())) + WIDTH // 2 + LEFT} {TOP + DOWN * len(ends()) + HEIGHT}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" role="img" aria-labelledby="title desc">\n'
        f'<title id="title">How far a request is, and where it may go</title>\n<desc id="desc">{told}.</desc>\n'
    )


def _row():
    for nth, status in enumerate(opens()):
        yield _box(nth, 0, status, "")
        if nth and status in TRANSITIONS[opens()[nth - 1]]:
            begin, end = _middle(nth - 1) + WIDTH // 2, _middle(nth) - WIDTH // 2
            yield f'<path d="M{begin} {TOP - 14}H{end}"/><text class="by" x="{(begin + end) // 2}" y="{TOP - 22}">{BY[status]}</text>'


def _stems():
    """From an open one down to the last line on which it has a dot."""
    for nth, status in enumerate(opens()):
        last = max(place for place, end in enumerate(ends()) if end in TRANSITIONS[status])
        yield f'<path class="stem" d="M{_middle(nth)} {TOP - 14 + HEIGHT // 2}V{_height(last)}"/>'


def _line(place, end):
    froms = [nth for nth, status in enumerate(opens()) if end in TRANSITIONS[status]]
    last, box = _middle(len(opens()) - 1), _middle(len(opens())) - WIDTH // 2
    yield f'<path d="M{_middle(froms[0])} {_height(place)}H{box}"/>'
    yield from (f'<circle cx="{_middle(nth)}" cy="{_height(place)}" r="4"/>' for nth in froms)
    yield f'<text class="by" x="{(last + box) // 2}" y="{_height(place) - 7}">{BY[end]}</text>'
    yield _box(len(opens()), place + 1, end, ' class="end"')


def _box(column, row, status, kind):
    x, y = _middle(column), TOP - 14 + DOWN * row
    return (
        f'<rect{kind} x="{x - WIDTH // 2}" y="{y - HEIGHT // 2}" width="{WIDTH}" height="{HEIGHT}" rx="6"/>'
        f'<text x="{x}" y="{y + 5}">{status.value}</text>'
    )


def _middle(column) -> int:
    return LEFT + WIDTH // 2 + ACROSS * column + (ROOM if column == len(opens()) else 0)


def _height(place) -> int:
    """Of the line of an end."""
    return TOP - 14 + DOWN * (place + 1)
