"""A volunteer's story: written, agreed to or not, and the name that stands below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone, translation

from oda_portal.certificates.names import known_as
from oda_portal.privacy import consents
from oda_portal.privacy.models import Kind as ConsentKind
from oda_portal.publishing.models import language_column

from ..certificates import names_of
from ..models import Application, State, Story, Volunteer

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

    from ..forms.after import StoryForm


class ChangedError(Exception):
    """The office has changed the text since the page was opened; nothing was kept."""


class TooLateError(Exception):
    """Nobody writes a story who has not come back."""


def may_write(application: Application) -> bool:
    return application.state == State.COMPLETED


def story_of(application: Application) -> Story | None:
    return Story.objects.filter(application=application).first()


def stamp_of(story: Story | None) -> str:
    """What a page of this story is made from; another one later means that somebody changed it."""
    return story.changed_at.isoformat() if story else ""


@transaction.atomic
def keep(application: Application, form: StoryForm, *, seen: str, by: User) -> Story:
    """Keep what a valid form says, the consent with it.

    The words only until they are published for the first time; consent and name always. Raises
    ChangedError and TooLateError, and changes nothing then.
    """
    current = Application.objects.select_for_update().get(pk=application.pk)
    if not may_write(current):
        raise TooLateError
    story = Story.objects.select_for_update().filter(application=current).first()
    if stamp_of(story) != seen:
        raise ChangedError
    values: dict[str, Any] = {"shown_as": form.cleaned_data["shown_as"]}
    if story is None or story.is_own_to_edit:
        values |= _words(form.cleaned_data)
    story = _write(story or Story(application=current), values)
    consents.give_all(current, form, by=by)
    story.agree(agreed=form.agrees, by=by)
    return story


def _words(cleaned: dict[str, Any]) -> dict[str, Any]:
    language = cleaned["language"]
    return {
        "language": language,
        "written_at": timezone.now(),
        language_column("title", language): cleaned["title"],
        language_column("text", language): cleaned["text"],
    }


def _write(story: Story, values: dict[str, Any]) -> Story:
    """The column without a language holds the story's own."""
    for name, value in values.items():
        setattr(story, name, value)
    with translation.override(story.language):
        story.save()
    return story


def words_of(story: Story) -> dict[str, str]:
    """Title and text as the volunteer wrote them, or as the office has put them right."""
    return {
        name: getattr(story, language_column(name, story.language)) for name in ("title", "text")
    }


def take_down(application: Application) -> None:
    """What follows when the consent is taken back: the story is public nowhere any more."""
    if story := story_of(application):
        story.agree(agreed=False, by=None)


def when_consent_is_taken_back() -> None:
    consents.when_taken_back("volunteers.application", ConsentKind.STORY, take_down)


# --- the name ------------------------------------------------------------------------------------


def byline(story: Story) -> str:
    """The name as its writer wants it shown, for readers of the active language; may be empty."""
    volunteer = story.application.volunteer
    if story.shown_as == Story.ShownAs.FULL_NAME:
        return known_as(names_of(volunteer), translation.get_language() or "")[0]
    if story.shown_as == Story.ShownAs.INITIALS:
        return initials_of(volunteer)
    return ""


def initials_of(volunteer: Volunteer) -> str:
    """H. G.; of whoever has no name in Roman letters, the first sign of each part."""
    parts = (volunteer.name_roman or volunteer.name).replace("-", " ").split()
    return " ".join(f"{part[0].upper()}." for part in parts)
