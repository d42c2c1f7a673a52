"""An import of many rows: how long the check and the writing take, and that memory stays flat.

    [DATABASE_URL=… REDIS_URL=… FIELD_KEYS=…] python -m benchmarks.imports [rows]

In a database of its own, which it makes and takes away: first a tenth of the rows, then all.
"""

from __future__ import annotations

import io
import resource
import time

from benchmarks.places import numbered, own_database, set_up

ROWS = 5_000


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    rows = numbered(__doc__, ROWS, of="rows").parse_args().number
    set_up()
    from django.db import connection

    with own_database():
        print(f"database {connection.vendor}", flush=True)
        for number in (rows // 10, rows):
            measure(number)


def measure(rows: int) -> None:
    from oda_portal.accounts.models import User
    from oda_portal.spreadsheets.importing import acts, registry
    from programs.models import Program

    by, _is_new = User.objects.get_or_create(
        email="imports@example.org", defaults={"is_staff": True, "is_superuser": True}
    )
    importable = registry.importable_of(Program)
    content = book(rows)
    source = acts.receive(content, name="x.xlsx", ending="xlsx", importable=importable, by=by)
    before = megabytes()
    work(source, f"check {rows} rows", before)
    if not acts.confirm(source, by=by, shown=acts.digest_of(source)):
        raise SystemExit([row.problems for row in source.rows.filter(verdict="wrong")[:3]])
    work(source, f"write {rows} rows", before)


def work(source: object, what: str, before: float) -> None:
    from oda_portal.jobs.actions import work_off

    started, spent = time.monotonic(), time.process_time()
    source.refresh_from_db()  # type: ignore[attr-defined]
    job = source.job  # type: ignore[attr-defined]
    while work_off(job):
        job.refresh_from_db()
    source.refresh_from_db()  # type: ignore[attr-defined]
    seconds, cpu = time.monotonic() - started, time.process_time() - spent
    print(
        f"{what}: {seconds:.1f} s, {cpu:.1f} s of CPU here,"
        f" {megabytes() - before:.0f} MB more, {job.error or 'no error'}",
        flush=True,
    )


def book(rows: int) -> bytes:
    from openpyxl import Workbook

    made = Workbook(write_only=True)
    sheet = made.create_sheet()
    sheet.append(["code", "title_ko", "title_en", "summary_ko", "body_ko", "kind", "arrangement"])
    for number in range(rows):
        code = f"import-{rows}-{number}"
        body = "<p>본문 문장입니다.</p>" * 20
        sheet.append([code, f"사업 {code}", f"Programme {code}", "요약", body, "training", "own"])
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


if __name__ == "__main__":
    main()
