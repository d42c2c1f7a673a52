"""Putting accepted papers into the programme: a speaker, an appearance and the slides."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.db.models import Model
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from oda_portal.audit.models import record_transition
from oda_portal.privacy import consents
from oda_portal.privacy.destruction import wipe_traces
from oda_portal.privacy.models import Kind
from oda_portal.publishing.models import language_column

from ..freezing import require_open
from ..models import Appearance, ForumSession, Material, Speaker, Submission
from ..models.submissions import State

if TYPE_CHECKING:
    from oda_portal.accounts.models import User
    from partners.models import Organisation

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


@dataclass(frozen=True)
class Place:
    """Where staff put a paper: the session, as what, and its topic in each language."""

    session: ForumSession
    role: str = Appearance.Role.SPEAKER
    topics: dict[str, str] = field(default_factory=dict)
    organisation: Organisation | None = None
    with_slides: bool = False


def may_be_public(submission: Submission) -> bool:
    return consents.has_given(submission, Kind.SPEAKER)


@transaction.atomic
def put_in(submission: Submission, place: Place, *, seen: str, by: User) -> bool:
    """Make or bring up to date the speaker, their appearance and the slides.

    `seen` is the stamp of what staff have read: nothing else becomes public. The same again
    changes nothing that is public. False where the speaker has not confirmed, does not agree to
    be named, or the session belongs to another edition. Raises FrozenError, and ValidationError
    where the speaker cannot be in two places at once or has changed something since.
    """
    require_open(submission.forum)
    current = Submission.objects.select_for_update().get(pk=submission.pk)
    is_theirs = place.session.forum_id == current.forum_id
    if not (current.state == State.CONFIRMED and is_theirs and may_be_public(current)):
        return False
    if current.stamp != seen:
        sentence = _("Something has changed in the meantime. Check again before you confirm.")
        raise ValidationError(sentence, code="changed")
    current.speaker = speaker = _speaker(current, place)
    current.appearance = _appearance(current, speaker, place)
    if place.with_slides and current.slides:
        current.material = _slides(current, place)
    else:
        unpublish_slides(current)
    before = f"session {current.session_id}" if current.placed_at else ""
    current.session, current.placed_at = place.session, timezone.now()
    current.save(update_fields=["speaker", "appearance", "session", "material", "placed_at"])
    submission.refresh_from_db()
    record_transition(submission, "programme", before, f"session {place.session.pk}", by=by)
    return True


def _in_own_language(submission: Submission) -> AbstractContextManager[None]:
    """The columns without a language hold the language in which the most is written."""
    return translation.override(submission.language)


def _speaker(submission: Submission, place: Place) -> Speaker:
    """Named as they want it; a language in which they wrote nothing stays as staff left it."""
    speaker = submission.speaker or _known(submission) or Speaker()
    for language in LANGUAGES:
        profile = submission.profile_in(language)
        for name, text in zip(profile._fields, profile, strict=True):
            if profile.name:
                setattr(speaker, language_column(name, language), text)
    if place.organisation is not None:
        speaker.organisation = place.organisation
    with _in_own_language(submission):
        speaker.save()
    return speaker


def _known(submission: Submission) -> Speaker | None:
    """Who speaks twice in an edition is one speaker, who cannot be in two places at once."""
    others = Submission.objects.filter(forum=submission.forum_id, email=submission.email)
    other = others.exclude(speaker=None).select_related("speaker").order_by("pk").first()
    return other.speaker if other else None


def _appearance(submission: Submission, speaker: Speaker, place: Place) -> Appearance:
    """One of each paper; of one that is moved the old one goes first, or it would be in the way."""
    appearance = submission.appearance
    if appearance is not None and appearance.session_id != place.session.pk:
        appearance.delete()
        appearance = None
    appearance = appearance or Appearance()
    appearance.session, appearance.speaker = place.session, speaker
    appearance.role = place.role
    for language in LANGUAGES:
        setattr(appearance, language_column("topic", language), place.topics.get(language, ""))
    same = Appearance.objects.filter(session=place.session, speaker=speaker)
    if same.filter(role=place.role).exclude(pk=appearance.pk).exists():
        raise ValidationError(_("This speaker is in this session already."), code="twice")
    appearance.clean()
    with _in_own_language(submission):
        appearance.save()
    return appearance


def _slides(submission: Submission, place: Place) -> Material:
    """A copy: what the speaker hands in later is public when staff put it in again."""
    material = submission.material or Material(forum_id=submission.forum_id)
    material.kind, material.session = Material.Kind.SLIDES, place.session
    material.language = submission.language[:2]
    for language in LANGUAGES:
        setattr(material, language_column("title", language), place.topics.get(language, ""))
    replaced, storage = material.file.name, material.file.storage
    with submission.slides.open("rb") as content, _in_own_language(submission):
        material.file = File(content, name=submission.slides.name)
        material.save()
    if replaced:
        transaction.on_commit(lambda: storage.delete(replaced), robust=True)
    return material


# --- out of it ----------------------------------------------------------------------------------


def unpublish_slides(submission: Submission) -> None:
    """In the caller's transaction; the speaker's own file stays with the paper."""
    material = submission.material
    if material is None:
        return
    name, storage = material.file.name, material.file.storage
    submission.material = None
    submission.save(update_fields=["material"])
    material.delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name), robust=True)


def take_out(submission: Submission, *, by: User | None) -> bool:
    """Out of the programme, in the caller's transaction; False where it was never in it."""
    # Only the locked row knows: staff may have put them in since the caller's was read.
    current = Submission.objects.select_for_update().get(pk=submission.pk)
    if (speaker := current.speaker) is None:
        return False
    gone: dict[type[Model], list[int | None]] = {
        Appearance: [current.appearance_id],
        Material: [current.material_id],
    }
    unpublish_slides(current)
    before = f"session {current.session_id}"
    if current.appearance is not None:
        current.appearance.delete()
    current.speaker = current.appearance = current.session = current.placed_at = None
    current.save(update_fields=["speaker", "appearance", "session", "placed_at"])
    # Whoever speaks nowhere else goes whole.
    if not speaker.appearances.exists() and not speaker.submissions.exists():
        gone[Speaker] = [speaker.pk]
        speaker.delete()
    # Nor does their history name them: they are not to be public, or wanted to be forgotten.
    wipe_traces({model: [pk for pk in pks if pk] for model, pks in gone.items()})
    submission.refresh_from_db()
    record_transition(submission, "programme", before, "", by=by)
    return True


@transaction.atomic
def hide(submission: Submission) -> None:
    """What follows when the consent is taken back, of a frozen edition too: the law is above it."""
    take_out(submission, by=None)
