"""Bars that show how many rows there are beside one another (elements/bars.html)."""

# Of 100: what can still be seen.
THINNEST = 0.6


def bar(title: str, url: str, rows: int, most: int) -> dict:
    """`most` is the number of rows of the longest one."""
    return {"title": title, "url": url, "rows": rows, "width": max(THINNEST, round(rows * 100 / most, 1))}
