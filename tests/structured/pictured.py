"""What has a picture of its own, where that is, and what is kept of pictures."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from oda_portal.publishing.models import Publishable
from oda_portal.structured.pictures import keeping
from oda_portal.structured.pictures.registry import kinds
from tests.factories import (
    ArticleFactory,
    CallFactory,
    CityFactory,
    ForumFactory,
    ForumSessionFactory,
    NetworkMeetingFactory,
    OrganisationFactory,
    PageFactory,
    ProgramFactory,
    ServiceFactory,
)

# By kind of picture: a row that is public, with these fields of what publishes it.
ROWS = {
    "programme": ProgramFactory,
    "forum": lambda **more: ForumFactory(program=ProgramFactory(kind="forum", **more)),
    "session": lambda **more: ForumSessionFactory(
        forum=ForumFactory(program=ProgramFactory(kind="forum", **more))
    ),
    "call": CallFactory,
    "article": ArticleFactory,
    "city": CityFactory,
    "organisation": OrganisationFactory,
    "meeting": NetworkMeetingFactory,
    "service": ServiceFactory,
    "page": PageFactory,
}


def address(kind: str, row: Publishable, lang: str = "ko") -> str:
    key = next(one.key for one in kinds() if one.kind == kind)
    return f"/share/{kind}/{getattr(row, key)}.{lang}.png"


def kept() -> list[Path]:
    folder = Path(settings.PRIVATE_ROOT) / keeping.FOLDER
    return sorted(folder.iterdir()) if folder.is_dir() else []
