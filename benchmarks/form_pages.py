"""What each page of the application form weighs, and how often it asks the database.

    [DATABASE_URL=… REDIS_URL=… FIELD_KEYS=…] python -m benchmarks.form_pages [parts]

In a database of its own, which it makes and takes away. The call has five openings, twelve
questions and twelve documents (or so many as are said); somebody with a complete draft opens every
page. A page is weighed as a first visit loads it: with stylesheet, scripts and drawings, raw and
compressed. Of the statements each one counts, those for the session too; with the embedded settings
the cache asks the same database, which is given apart.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import urljoin

from benchmarks.places import judge, numbered, own_database, set_up

set_up()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from oda_portal.catalogues import compile_catalogues  # noqa: E402
from oda_portal.styles import build_stylesheet  # noqa: E402
from tests import factories  # noqa: E402
from tests.embedded.document import read_document  # noqa: E402
from tests.volunteers.applicants import address, written  # noqa: E402
from volunteers.forms import STEPS  # noqa: E402
from volunteers.models import Application  # noqa: E402

OPENINGS, PARTS = 5, 12
MOST_BYTES, MOST_STATEMENTS = 75_000, 12
LANGUAGES = [code for code, _name in settings.LANGUAGES]
CACHE_TABLE = 'cache"'


class Figures(NamedTuple):
    html: int
    html_packed: int
    whole: int
    whole_packed: int
    requests: int
    statements: int
    of_cache: int


def draft(parts: int) -> Application:
    """A complete draft to a call with much to ask."""
    factories.OfficeFactory()
    call = factories.CallFactory(max_choices=OPENINGS)
    for _number in range(OPENINGS):
        factories.OpeningFactory(call=call)
    for _number in range(parts):
        factories.QuestionFactory(call=call, is_required=False)
        factories.RequiredDocumentFactory(call=call, is_required=False)
    return written(call, *call.openings.all())


def pages(application: Application) -> Iterator[tuple[str, str]]:
    for language in LANGUAGES:
        for step in STEPS:
            yield (
                f"{step} {language}",
                address("apply_step", application.call, step, language=language),
            )
        yield f"submit {language}", address("apply_send", application.call, language=language)


def measure(client: Client, path: str) -> Figures:
    """The second time: what is kept between pages is there, as on a site that runs."""
    client.get(path)
    asked: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        response = client.get(path)
    if response.status_code != 200:
        raise RuntimeError(f"{path} answered {response.status_code}")
    loaded = {urljoin(path, asset) for asset in read_document(response.content.decode()).assets}
    assets = [body(asset) for asset in sorted(loaded) if not asset.startswith("data:")]
    html = response.content
    return Figures(
        len(html),
        packed(html),
        len(html) + sum(map(len, assets)),
        packed(html) + sum(map(packed, assets)),
        1 + len(assets),
        len(asked),
        sum(CACHE_TABLE in sql for sql in asked),
    )


@cache
def body(address: str) -> bytes:
    response = Client(headers={"host": "localhost"}).get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}")
    return response.getvalue()


def packed(content: bytes) -> int:
    return len(gzip.compress(content))


def show(found: dict[str, Figures]) -> None:
    print(f"database {connection.vendor}")
    print(f"{'page':20}" + "".join(f"{name.replace('_', ' '):>14}" for name in Figures._fields))
    for page, figures in found.items():
        print(f"{page:20}" + "".join(f"{figure:14,}" for figure in figures))
    heaviest = max(figures.whole_packed for figures in found.values())
    most = max(figures.statements - figures.of_cache for figures in found.values())
    print(f"heaviest {heaviest:,} bytes of {MOST_BYTES:,}; statements at most {most} of", end=" ")
    print(MOST_STATEMENTS)


def main() -> None:
    parts = numbered(__doc__, PARTS, of="parts").parse_args().number
    settings.WHITENOISE_AUTOREFRESH = True
    compile_catalogues()
    build_stylesheet()
    with own_database():
        application = draft(parts)
        client = Client(headers={"host": "localhost"})
        user = application.volunteer.user
        assert user is not None
        client.force_login(user)
        found = {name: measure(client, path) for name, path in pages(application)}
    show(found)
    wrong = [
        name
        for name, figures in found.items()
        if figures.whole_packed > MOST_BYTES
        or figures.statements - figures.of_cache > MOST_STATEMENTS
    ]
    judge(wrong)


if __name__ == "__main__":
    main()
