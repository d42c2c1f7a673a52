"""`{% picture photo renditions %}`: a picture in the sizes and formats that there are of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from oda_portal.files.models import Rendition
from oda_portal.files.pictures import picture as picture_of
from oda_portal.languages import HTML_LANG
from oda_portal.publishing.texts import text_in

register = template.Library()

# How wide pictures are shown: in a gallery's grid, and alone on their page.
SMALL = "(min-width: 48rem) 20rem, 100vw"
LARGE = "(min-width: 80rem) 75rem, 100vw"


@register.inclusion_tag("components/picture.html")
def picture(
    subject: Any,
    renditions: Mapping[int, list[Rendition]],
    large: bool = False,
    sizes: str = "",
) -> dict[str, Any]:
    """`renditions` is what `renditions_for` gave the view; without any, the drawn cover stands.

    The subject says its `alt` (translated), `cover_seed` and `palette`.
    """
    alt = text_in(subject, "alt")
    return {
        "subject": subject,
        "picture": picture_of(renditions.get(subject.pk, ())),
        "alt": alt.text,
        "lang": HTML_LANG[alt.language] if alt.is_foreign else "",
        "large": large,
        "sizes": sizes or (LARGE if large else SMALL),
    }
