"""What cannot be in a programme is refused with a sentence that says what stands in the way."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.forms import inlineformset_factory, modelform_factory
from django.utils import timezone

from forums.models import Appearance, Forum, ForumSession
from tests.factories import AppearanceFactory, ForumFactory, RoomFactory, SpeakerFactory
from tests.forums.editions import a_session, an_edition, at

pytestmark = pytest.mark.django_db


def refused(row: ForumSession | Appearance) -> dict[str, list[str]]:
    """What the forms say about it."""
    try:
        row.full_clean()
    except ValidationError as error:
        return error.message_dict
    return {}


def new(forum: Forum, starts: Any, ends: Any, **values: Any) -> ForumSession:
    return ForumSession(forum=forum, title_ko="새 세션", starts_at=starts, ends_at=ends, **values)


@pytest.mark.parametrize(
    ("starts", "ends", "is_right"),
    [
        (at(9), at(10), True),
        (at(0), at(1), True),
        (at(23, day=21), at(0, day=22), True),  # ends with the last day
        (at(23, day=21), at(0, 30, day=22), False),
        (at(9, day=19), at(10, day=19), False),
        (at(23, 30, day=19), at(0, 30), False),
        (at(9, day=22), at(10, day=22), False),
    ],
)
def test_session_lies_within_the_days_of_its_edition(starts, ends, is_right: bool):
    said = refused(new(an_edition(), starts, ends))

    if is_right:
        assert said == {}
    else:
        (sentence,) = said["starts_at"]
        assert "2026. 11. 20.~11. 21." in sentence


def test_session_has_any_day_of_an_edition_whose_days_are_not_known():
    unknown = an_edition(starts_on=None, ends_on=None)
    estimate = ForumFactory(program__date_is_estimate=True)
    one_day = ForumFactory(program__starts_on=date(2026, 11, 20), program__ends_on=None)

    assert refused(new(unknown, at(9), at(10))) == {}
    assert refused(new(estimate, at(9), at(10))) == {}
    assert refused(new(one_day, at(9), at(10))) == {}
    assert "starts_at" in refused(new(one_day, at(9, day=21), at(10, day=21)))


def test_room_holds_one_session_at_a_time():
    forum = an_edition()
    room, other = RoomFactory.create_batch(2, forum=forum)
    held = a_session(forum, at(9), at(10), room=room, title_ko="먼저 온 세션")

    (sentence,) = refused(new(forum, at(9, 30), at(10, 30), room=room))["room"]
    assert "먼저 온 세션" in sentence
    assert "09:00–10:00" in sentence
    assert refused(new(forum, at(10), at(11), room=room)) == {}
    assert refused(new(forum, at(8), at(9), room=room)) == {}
    assert refused(new(forum, at(9), at(10), room=other)) == {}
    assert refused(new(forum, at(9), at(10))) == {}
    assert refused(held) == {}


def test_what_is_cancelled_takes_no_room_and_no_speaker():
    forum, speaker = an_edition(), SpeakerFactory()
    room = RoomFactory(forum=forum)
    off = a_session(forum, at(9), at(10), room=room, cancelled_at=timezone.now())
    AppearanceFactory(session=off, speaker=speaker)
    instead = a_session(forum, at(9), at(10), room=room)

    assert refused(instead) == {}
    assert refused(Appearance(session=instead, speaker=speaker)) == {}
    assert refused(off) == {}


def test_session_is_not_in_a_room_of_another_edition():
    assert "room" in refused(new(an_edition(), at(9), at(10), room=RoomFactory()))


def test_speaker_is_in_one_place_at_a_time_over_all_editions():
    speaker = SpeakerFactory(name_ko="김연사")
    held = AppearanceFactory(
        session=a_session(ForumFactory(), at(9), at(10), title_ko="다른 행사"), speaker=speaker
    )
    forum = an_edition()
    at_once, after = a_session(forum, at(9, 59), at(11)), a_session(forum, at(10), at(11))

    (sentence,) = refused(Appearance(session=at_once, speaker=speaker))["speaker"]
    assert "김연사" in sentence
    assert "다른 행사" in sentence
    assert refused(Appearance(session=after, speaker=speaker)) == {}
    assert refused(Appearance(session=at_once, speaker=SpeakerFactory())) == {}
    # Two roles in one session are no clash.
    assert refused(Appearance(session=held.session, speaker=speaker, role="moderator")) == {}


SessionForm = modelform_factory(ForumSession, fields=["starts_at", "ends_at"])
Speakers = inlineformset_factory(ForumSession, Appearance, fields=["speaker", "role"], extra=0)


def moved(session: ForumSession, appearance: Appearance, **changes: str) -> tuple[Any, Any]:
    """The form of a session, moved to nine o’clock, and that of its one speaker below it."""
    sent = {
        "starts_at": "2026-11-20 09:00", "ends_at": "2026-11-20 10:00",
        "appearances-TOTAL_FORMS": "1", "appearances-INITIAL_FORMS": "1",
        "appearances-0-id": str(appearance.pk), "appearances-0-session": str(session.pk),
        "appearances-0-speaker": str(appearance.speaker_id), "appearances-0-role": "speaker",
        **changes,
    }  # fmt: skip
    form = SessionForm(sent, instance=session)
    assert form.is_valid()
    return form, Speakers(sent, instance=form.instance)


def test_session_is_not_moved_to_where_its_speaker_is_elsewhere_unless_they_are_taken_off():
    forum, speaker = an_edition(), SpeakerFactory()
    AppearanceFactory(session=a_session(forum, at(9), at(10), title_ko="아침"), speaker=speaker)
    session = a_session(forum, at(14), at(15))
    appearance = AppearanceFactory(session=session, speaker=speaker)

    _form, speakers = moved(session, appearance)
    assert not speakers.is_valid()
    assert "아침" in speakers.errors[0]["speaker"][0]

    _form, speakers = moved(session, appearance, **{"appearances-0-DELETE": "on"})
    assert speakers.is_valid()


def test_new_session_with_a_speaker_who_is_elsewhere_is_refused_before_it_is_there():
    forum, speaker = an_edition(), SpeakerFactory()
    AppearanceFactory(session=a_session(forum, at(9), at(10)), speaker=speaker)

    assert "speaker" in refused_of_unsaved(new(forum, at(9), at(10)), speaker)
    assert refused_of_unsaved(new(forum, at(10), at(11)), speaker) == {}


def refused_of_unsaved(session: ForumSession, speaker: Any) -> dict[str, list[str]]:
    try:
        Appearance(session=session, speaker=speaker).clean()
    except ValidationError as error:
        return error.message_dict
    return {}


def test_times_that_cannot_be_read_are_no_clash():
    forum = an_edition()
    room = RoomFactory(forum=forum)
    a_session(forum, at(9), at(10), room=room)

    backwards = refused(new(forum, at(10), at(9), room=room))
    missing = refused(new(forum, None, None, room=room))

    assert set(backwards) == {"__all__"}
    assert set(missing) == {"starts_at", "ends_at"}
    Appearance(speaker=SpeakerFactory()).clean()  # its session is not known yet
