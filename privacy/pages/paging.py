"""A page of many rows; a number that is none, or too large, gives the nearest page instead of an error."""

from collections.abc import Sequence

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet


def nearest_page(rows: QuerySet | Sequence, asked: str, *, size: int) -> Page:
    paginator = Paginator(rows, size)
    return paginator.page(min(max(_number(asked), 1), paginator.num_pages))


def _number(asked: str) -> int:
    """Python refuses to read a number of thousands of digits, which lies past the last page as well."""
    digits = asked.strip()
    return int(digits[:18]) if digits.removeprefix("-").isdecimal() else 1
