"""How large a platform is: by its members, or by its rows."""

from dataclasses import dataclass

# Views per member, where nobody asks for a number.
VIEWS_EACH = 60
# Other rows per member, and rows that every platform has, as seeding leaves them on average (test_seed).
OTHERS_EACH, RESOURCES_AND_MORE = 68, 720
# One step of the scale; a member leaves about 125 rows.
ROWS_PER_STEP, MEMBERS_PER_STEP = 100_000, 800


@dataclass(frozen=True)
class Size:
    """`rows` in all, which is what a bar counts to; views take what the others leave of them where `views` is None."""

    members: int
    views: int | None
    rows: int


def of(members: int, views: int | None = None) -> Size:
    views = members * VIEWS_EACH if views is None else views
    return Size(members, views, members * OTHERS_EACH + RESOURCES_AND_MORE + views)


def scaled(steps: float) -> Size:
    """Of `steps` times 100,000 rows."""
    return Size(round(steps * MEMBERS_PER_STEP), None, round(steps * ROWS_PER_STEP))
