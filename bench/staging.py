"""python -m bench.staging: how many rows a second anonymise_database makes anew, on a throw-away PostgreSQL."""

import argparse
import os
import sys
import time
from pathlib import Path

from . import server


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.staging", description=__doc__)
    parser.add_argument("--rows", type=int, default=500_000, help="of members together (500000)")
    chosen = parser.parse_args()
    return server.run(lambda _address: _measure(chosen.rows))


def _measure(rows):
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from privacy.rights import copy_mark, staging

    from . import people

    call_command("migrate", verbosity=0)
    people.fill([people.WARM_UP_ROWS], others=rows)
    settings.PRIVACY["COPY"] = copy_mark.name_of_database()
    connection.close()  # what filling took is not counted
    copy_mark.mark(files=True)
    begin, tables, times = time.perf_counter(), staging.plan(), {}
    done = staging.anonymise(tables, progress=lambda what, _rows: times.setdefault(what, time.perf_counter()))
    seconds, before = time.perf_counter() - begin, begin
    busy = _seconds_of_server()
    for table in tables:
        took, before = times[table.name] - before if table.name in times else 0, times.get(table.name, before)
        if table.rows:
            print(f"{table.name:<34}{table.rows:>10,} rows {took:>8.2f} s")
    print(f"{done:,} rows in {seconds:.1f} s: {done / seconds:,.0f} rows a second")
    print(f"the server's process worked {busy:.1f} s of that: {done / busy:,.0f} rows in a second of one core")


def _seconds_of_server() -> float:
    """What the connection's own process used of a core; on a machine with other work the clock says less."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        fields = Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main())
