"""For machines that send requests: is the process alive, and can it serve.

How every part of the portal is, is another question: `oda_portal.watching`.
"""

import logging
from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from oda_portal.mail.upkeep import is_late

logger = logging.getLogger(__name__)


def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers; asks nothing of others."""
    return HttpResponse("ok", content_type="text/plain", headers={"Cache-Control": "no-store"})


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when database and cache answer, else 503 with the name of what does not.

    Mail that does not go out is named as well; for that alone nobody should stop asking us.
    """
    checks = {"database": _works(_ask_database), "cache": _works(_ask_cache)}
    words = {name: "ok" if works else "failed" for name, works in checks.items()}
    if checks["database"]:
        words["mail"] = "late" if is_late() else "ok"
    return JsonResponse(
        words,
        status=200 if all(checks.values()) else 503,
        headers={"Cache-Control": "no-store"},
    )


def _works(check: Callable[[], None]) -> bool:
    try:
        check()
    except Exception:
        logger.exception("readiness: %s", check.__name__)
        return False
    return True


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_cache() -> None:
    cache.set("readyz", "1", timeout=5)
    if cache.get("readyz") != "1":
        raise RuntimeError("the cache forgot what it was told")
