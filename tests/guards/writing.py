"""What was written while pages were looked at."""

from __future__ import annotations

import re

from django.test.utils import CaptureQueriesContext

WRITING = re.compile(
    r"\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)", re.IGNORECASE
)
# Of the embedded site, which has no Redis.
CACHES = ("cache", "page_cache")


def written(queries: CaptureQueriesContext, *beside: str) -> set[str]:
    """The tables into which something was written, without these."""
    found = {match[1] for query in queries if (match := WRITING.match(query["sql"]))}
    return found - set(beside)
