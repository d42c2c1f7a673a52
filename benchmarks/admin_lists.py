"""What the lists of the back office cost over 100,000 records, beside the same lists over 100.

    DATABASE_URL=… REDIS_URL=… FIELD_KEYS=… python -m benchmarks.admin_lists [records [list …]]

100,000 records of each kind unless said, on a PostgreSQL of this machine and in a database of its
own, which it makes. A list is opened, filtered, searched for a word that two of five records have
and for one that twenty of all have, opened by its last year, ordered by each of its columns, and
turned to its last page. Counted are the questions to the database, and the CPU time of this process
and of every process of the database. The goal: at most 12 questions, and at most 3 times the CPU
that the same page takes over 100 records.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import quote

from benchmarks.copies import copy
from benchmarks.places import judge, numbered, own_database, set_up
from benchmarks.usage import cpu_of_tree, postmaster

MOST_QUERIES, GOAL = 12, 3.0
SMALL = 100
ROUNDS = 3
RARE, COMMON = "해녀", "부산"

# In SQL, of the number `n` of a copy.
WORD = f"CASE WHEN n % {{most}} = 3 THEN '{RARE} ' WHEN n % 5 < 2 THEN '{COMMON} ' ELSE '' END"
TEXT = "(SELECT string_agg(md5(n::text || part), ' ') FROM generate_series(1, 25) AS part)"
MOMENT = "now() - n * interval '2 hours'"


class List(NamedTuple):
    name: str
    filters: tuple[str, ...]
    # What is searched for when only a whole value finds anybody.
    words: tuple[str, ...] = (RARE, COMMON)


LISTS = [
    List(
        "programs_program",
        (
            "kind__exact=forum",
            "stage=draft",
            "state=planned",
            "reporting=ready",
            "reporting=lacking",
            "reporting=unwanted",
        ),
    ),
    List("news_article", ("kind__exact=notice", "stage=draft", "missing=title_zh_hans")),
    List("volunteers_application", ("state=submitted", "language=ko", "decision=none")),
    List("mail_message", ("state__exact=failed", "unsent=late", "mail=account_changed")),
    List("privacy_accessrecord", ("act__exact=detail", "whose=accounts.user%3A1")),
    List("audit_transition", ("to_state=published", "content_type__id__exact=1")),
]


def copy_with_words(row: Any, number: int, **columns: str) -> None:
    """So many rows like this one, with a word here and there in those columns that ask for it."""
    word = WORD.format(most=number // 20)
    copy(row, number, **{name: sql.format(word=word) for name, sql in columns.items()})


def one_in(share: int, number: int) -> str:
    """One copy in so many. Of few copies a whole page: a page of five rows is no page of fifty."""
    return f"n % {min(share, number // 50)} = 0"


def in_three(field: str, text: str) -> dict[str, str]:
    return {f"{field}_{code}": text for code in ("ko", "en", "zh_hans")}


def fill(number: int) -> None:
    from django.db import connection

    write_content(number)
    write_applications(number)
    write_traces(number)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def write_content(number: int) -> None:
    from tests import factories

    stage = f"CASE WHEN {one_in(10, number)} THEN 'draft' ELSE 'published' END"
    titles = in_three("title", "{word} || '사업 ' || md5(n::text)")
    translated = "'海女 项目 ' || md5(n::text)"
    titles["title_zh_hans"] = f"CASE WHEN {one_in(50, number)} THEN '' ELSE {translated} END"
    texts = {**titles, **in_three("summary", "left(md5(n::text), 20)"), **in_three("body", TEXT)}
    copy_with_words(
        factories.ProgramFactory(), number, **texts, code="'copy-' || n", status=stage,
        kind=f"CASE WHEN {one_in(20, number)} THEN 'forum' ELSE 'training' END",
        starts_on="date '2027-03-01' - n / 10", ends_on="date '2027-03-20' - n / 10",
    )  # fmt: skip
    write_levels()
    copy_with_words(
        factories.ArticleFactory(), number, **texts, slug="'copy-' || n", status=stage,
        kind=f"CASE WHEN {one_in(20, number)} THEN 'notice' ELSE 'press' END", registered_at=MOMENT,
    )  # fmt: skip
    write_index()


def write_index() -> None:
    """What the search knows of programmes and articles: their titles and texts as words."""
    from django.db import connection

    columns = "model object_id language kind url title title_language text date precision facets"
    days = {"programs_program": "starts_on", "news_article": "registered_at::date"}
    with connection.cursor() as cursor:
        for table, day in days.items():
            for code in ("ko", "en", "zh_hans"):
                title, body = f"coalesce(title_{code}, '')", f"coalesce(body_{code}, '')"
                cursor.execute(
                    f"INSERT INTO search_searchentry ({', '.join(columns.split())}, names, tokens)"
                    f" SELECT %s, id, %s, 'news', '', {title}, %s, {body}, {day}, 'day', '', '',"
                    f" to_tsvector('simple', concat_ws(' ', {title}, {body}))"
                    f" || array_to_tsvector(ARRAY['=month:' || to_char({day}, 'YYYYMM')])"
                    f" FROM {table}",
                    [table.replace("_", "."), code, code],
                )


def write_levels() -> None:
    """Half of the programmes are wanted in the report, and half of those lack something.

    Not those with even numbers, which are drafts and of another kind.
    """
    from django.db import connection

    from programs.models import Program, Reporting
    from programs.reporting.measuring import measure

    first = Program.objects.earliest("pk")
    wanted = Reporting.objects.create(program=first, wanted=True)
    measure([first.pk])
    own = ("id", "program_id")
    columns = [str(f.column) for f in Reporting._meta.concrete_fields if f.column not in own]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO programs_reporting (program_id, {', '.join(columns)})"
            f" SELECT p.id, {', '.join(f'r.{column}' for column in columns)}"
            " FROM programs_program AS p, programs_reporting AS r"
            f" WHERE r.id = {wanted.pk} AND p.id % 2 = 1 AND p.id <> {first.pk}"
        )
        cursor.execute(
            "INSERT INTO programs_reportinglevel (program_id, unmet)"
            " SELECT id, CASE WHEN id % 4 = 1 THEN 0 ELSE 8 END FROM programs_program"
            f" WHERE id <> {first.pk}"
        )


def write_applications(number: int) -> None:
    from django.db import connection
    from django.utils import timezone

    from tests import factories

    application = factories.ApplicationFactory(
        state="submitted", receipt="ABCDE-23456", sent_at=timezone.now(),
        call__closes_at=timezone.now() - timedelta(days=7),
        call__opens_at=timezone.now() - timedelta(days=30),
    )  # fmt: skip
    opening = factories.OpeningFactory(call=application.call)
    person = application.volunteer
    copy_with_words(
        person, number, user_id="NULL", email="'person' || n || '@example.org'",
        name="{word} || left(md5(n::text), 8)", name_roman="left(md5('r' || n), 12)",
    )  # fmt: skip
    copy_with_words(
        application, number, uuid="gen_random_uuid()", volunteer_id=f"{person.pk - 1} + n",
        receipt="upper(left(md5(n::text), 10)) || n", sent_at=MOMENT,
        state=f"CASE WHEN {one_in(10, number)} THEN 'screened' ELSE 'submitted' END",
        language=f"CASE WHEN {one_in(50, number)} THEN 'en' ELSE 'ko' END",
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO volunteers_choice (application_id, opening_id, rank)"
            f" SELECT id, {opening.pk}, 1 FROM volunteers_application"
        )


def write_traces(number: int) -> None:
    """Mails, looks at people, and changes of states."""
    from django.db import connection

    from oda_portal.audit.models import record_transition
    from oda_portal.mail.models import Message
    from oda_portal.privacy.access import record_look
    from oda_portal.privacy.models import Act
    from tests import factories

    mail = Message.objects.create(kind="account_changed", language="ko", to="a@example.org")
    copy_with_words(
        mail, number, to="'person' || n || '@example.org'", message_id="gen_random_uuid()",
        name="{word} || left(md5(n::text), 8)", queued_at=MOMENT,
        state=f"CASE WHEN {one_in(100, number)} THEN 'failed' ELSE 'sent' END",
        sent_at=f"CASE WHEN {one_in(100, number)} THEN NULL ELSE {MOMENT} END",
    )  # fmt: skip
    staff = factories.StaffFactory()
    look = record_look(staff, Act.LIST, [staff], reason="x")
    copy_with_words(
        look, number, at=MOMENT, reason="{word} || left(md5(n::text), 8)",
        act=f"CASE WHEN {one_in(50, number)} THEN 'detail' ELSE 'list' END",
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO privacy_accesssubject (record_id, label, object_id)"
            " SELECT id, 'accounts.user', id % 5000 + part * 5000"
            " FROM privacy_accessrecord, generate_series(0, 9) AS part"
        )
    done = record_transition(factories.PageFactory(), "status", "draft", "published", by=staff)
    copy_with_words(
        done, number, at=MOMENT, reason="{word} || left(md5(n::text), 8)",
        to_state=f"CASE WHEN {one_in(50, number)} THEN 'withdrawn' ELSE 'published' END",
    )  # fmt: skip


def pages(client: Any, one: List) -> Iterator[tuple[str, str]]:
    """What is done with a list, and its address."""
    from django.db.models import Max
    from django.urls import reverse

    address = reverse(f"admin:{one.name}_changelist")
    changelist = client.get(address, headers={"host": "localhost"}).context_data["cl"]
    yield "opened", address
    for filtered in one.filters:
        yield filtered, f"{address}?{filtered}"
    for name, word in zip(("rare", "common"), one.words, strict=True):
        yield f"{name} word", f"{address}?q={quote(word)}"
    if changelist.date_hierarchy:
        year = changelist.queryset.aggregate(last=Max(changelist.date_hierarchy))["last"].year
        yield "a year", f"{address}?{changelist.date_hierarchy}__year={year}"
    yield "last page", f"{address}?p={changelist.paginator.num_pages}"
    for place, column in enumerate(changelist.list_display):
        if changelist.get_ordering_field(column):
            yield f"by {column}", f"{address}?o={place}"


def ask(client: Any, address: str) -> None:
    response = client.get(address, headers={"host": "localhost"})
    if response.status_code != 200:
        raise SystemExit(f"{address}: {response.status_code}")


def questions(client: Any, address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        ask(client, address)
    return len(queries)


def say_first(client: Any, name: str, address: str) -> None:
    """What a list asks when nothing is kept: once a minute, and after each change to the site."""
    from django.core.cache import caches

    ask(client, address)
    caches["pages"].clear()
    print(f"{name} with nothing kept: {questions(client, address)} questions")


def cost(client: Any, address: str, database: int) -> tuple[int, float]:
    """Questions, and milliseconds of CPU here and in the database: the median of some rounds."""
    ask(client, address)
    # Twice, since what is kept for a minute may end before the first of them.
    asked = min(questions(client, address) for _time in range(2))
    found = []
    for _round in range(ROUNDS):
        begin = 1000 * time.process_time() + cpu_of_tree(database)
        ask(client, address)
        found.append(1000 * time.process_time() + cpu_of_tree(database) - begin)
    return asked, statistics.median(found)


def measure(wanted: list[List]) -> dict[tuple[str, str], tuple[int, float]]:
    from django.test import Client
    from django.urls import reverse

    from oda_portal.accounts.models import User
    from tests.doors import sign_in_staff

    client = Client(raise_request_exception=True)
    sign_in_staff(client, User.objects.filter(is_superuser=True).earliest("pk"))
    database = postmaster()
    for one in wanted:
        say_first(client, one.name, reverse(f"admin:{one.name}_changelist"))
    return {
        (one.name, what): cost(client, address, database)
        for one in wanted
        for what, address in list(pages(client, one))
    }


def over(number: int, wanted: list[List]) -> dict[tuple[str, str], tuple[int, float]]:
    """The measures over so many records of each kind, in a database made for them."""
    with own_database():
        fill(number)
        return measure(wanted)


def main() -> None:
    parser = numbered(__doc__, 100_000, of="records")
    parser.add_argument("lists", nargs="*", metavar="list")
    asked = parser.parse_args()
    number = asked.number
    wanted = [one for one in LISTS if one.name in asked.lists or not asked.lists]
    set_up()
    small, large = over(SMALL, wanted), over(number, wanted)
    missed = []
    for name, (queries, paid) in large.items():
        ratio = paid / small[name][1]
        is_missed = queries > MOST_QUERIES or ratio > GOAL
        missed += [" ".join(name)] if is_missed else []
        print(
            f"{' '.join(name)}: {queries} questions, {small[name][1]:.0f} ms over {SMALL},"
            f" {paid:.0f} ms over {number:,}: {ratio:.1f}{' – MISSED' * is_missed}"
        )
    judge(missed)


if __name__ == "__main__":
    main()
