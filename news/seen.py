"""The tiny picture by which readers are counted: it needs no script, and no cookie."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from .counting import count
from .models import Article

# One transparent dot.
DOT = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)


@require_safe
def article_seen(request: HttpRequest, slug: str) -> HttpResponse:
    """What is not public is not found, as if it had never been written."""
    article = get_object_or_404(Article.objects.published().only("pk"), slug=slug)
    count(request, article.pk)
    # Whoever keeps it would not ask again tomorrow.
    return HttpResponse(DOT, content_type="image/gif", headers={"Cache-Control": "no-store"})
