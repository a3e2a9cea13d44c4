"""Files searched by a process of their own: python -m config.demo.file_search, without Django.

Opening SQLite's file beside a connection and closing it again would drop that process's locks on the database
(sqlite.org/howtocorrupt.html, 2.2), and a log that another process cuts short must not end the search.
"""

import json
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path


def search(folder: Path, names: list[str], identifiers: dict[str, list[str]], *, progress: Callable[[int], None]) -> Counter:
    """(what, file) -> how often a form of it stands in the file's name, in its bytes, or in what is packed inside."""
    command = [sys.executable, "-m", "config.demo.file_search"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as apart:  # noqa: S603 - our own program
        json.dump([str(folder), names, identifiers], apart.stdin)
        apart.stdin.close()
        found = Counter()
        for line in apart.stdout:
            name, times = json.loads(line)
            found.update({(what, name): number for what, number in times.items() if number})
            progress(1)
    if apart.returncode:
        raise RuntimeError("the search through the files broke off")
    return found


def main() -> None:
    folder, names, identifiers = json.load(sys.stdin)
    for name in names:
        times = Counter()
        for data in _contents(Path(folder), name):
            times.update(_times_in(data, identifiers))
        print(json.dumps([name, times]), flush=True)


def _contents(folder, name) -> Iterator[bytes]:
    """Its name, its bytes, and what is packed inside; nothing where it is gone by now."""
    yield name.encode()
    try:
        yield (folder / name).read_bytes()
    except FileNotFoundError:
        return
    if zipfile.is_zipfile(folder / name):
        with zipfile.ZipFile(folder / name) as packed:
            yield from (packed.read(inside) for inside in packed.namelist())


def _times_in(data: bytes, identifiers) -> dict[str, int]:
    return {what: times_in(data, forms) for what, forms in identifiers.items()}


def times_in(data: bytes, forms: list[str]) -> int:
    """As they are written and in lower case."""
    return sum(data.count(form.encode()) for form in {spelled for form in forms for spelled in (form, form.lower())})


if __name__ == "__main__":
    main()
