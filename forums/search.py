"""What of the forums can be found: an edition is found as its programme, with what it says more."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from oda_portal.search.places import Place, register_place
from oda_portal.search.registry import extend, own
from programs.models import Program

from .models import Appearance, Forum, ForumSession, Material, Series, Speaker


def register_all() -> None:
    extend(
        Program,
        texts=_of_edition,
        shown={
            Forum: "forum",
            Series: "forum__series",
            ForumSession: "forum__sessions",
            Appearance: "forum__sessions__appearances",
            Speaker: "forum__sessions__appearances__speaker",
            Material: "forum__materials",
        },
    )
    for place in PLACES:
        register_place(place)


def _of_edition(program: Program, language: str) -> list[str]:
    """The theme first; then the sessions with those who speak in them, and what they left."""
    forum: Forum | None = getattr(program, "forum", None)
    if forum is None:
        return []
    told = [own(forum, "theme", language), own(forum, "edition_label", language)]
    told.append(own(forum.series, "name", language))
    for session in forum.sessions.all():
        told += [own(session, "title", language), own(session, "abstract", language)]
        for appearance in session.appearances.all():
            told += [own(appearance.speaker, name, language) for name in ("name", "post")]
            told.append(own(appearance, "topic", language))
    return [*told, *(own(material, "title", language) for material in forum.materials.all())]


PLACES = (
    Place(
        "forums:forum_list",
        _("Forums"),
        (
            *("포럼 목록", "지난 포럼", "역대 포럼", "밋업", "밋업데이", "세미나"),
            *("forum archive", "past forums", "meet-ups", "seminars", "conferences"),
            *("论坛列表", "历届论坛", "往届论坛", "交流日"),
        ),
    ),
)
