"""What an applicant would be told, shown to staff before they decide; nothing is sent here."""

from __future__ import annotations

import copy
from dataclasses import dataclass

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from oda_portal.languages import HTML_LANG
from oda_portal.mail.models import Message
from oda_portal.mail.rendering import Letter, Stationery, letter_of
from oda_portal.publishing.times import korea_moment
from volunteers import mails, wording
from volunteers.models import Application, Call, State
from volunteers.models.states import MOVES, RESULTS


@dataclass(frozen=True)
class Shown:
    """A letter with the language that it is written in."""

    letter: Letter
    html_lang: str
    language: str


@dataclass(frozen=True)
class Notice:
    """What becomes known to the applicant by an act, and when."""

    application: Application
    sentence: str
    html_lang: str
    when: str
    shown: Shown | None


def notice_of(
    application: Application, act: str, stationery: Stationery, *, number: int | None = None
) -> Notice:
    after = _after(application, act, number)
    with translation.override(application.language):
        sentence = wording.sentence_in(after, State(after.state))
    news = mails.news_of(after)
    letter = news and _letter(news, after, stationery)
    when = _when(after, by_mail=news is not None)
    return Notice(application, sentence, HTML_LANG[application.language], when, letter)


def _after(application: Application, act: str, number: int | None) -> Application:
    """The application as it would be; a copy that nobody saves."""
    after = copy.copy(application)
    after.state, after.state_at = MOVES[act][1], timezone.now()
    if number is not None:
        after.reserve_number = number
    return after


def _when(after: Application, *, by_mail: bool) -> str:
    call = after.call
    if after.state not in RESULTS or call.results_are_out():
        return (
            _("At once, by email and on their page.") if by_mail else _("On their page, no email.")
        )
    if call.released_at is None:
        return _("Not before the call has a time for its results, and that time has come.")
    return _("On %(moment)s, with the results. Until then: under review.") % {
        "moment": korea_moment(call.released_at)
    }


def change_letters(call: Call, texts: dict[str, str]) -> list[Shown]:
    """The mail that tells of a change, once in each language, to nobody by name."""
    stationery = Stationery()
    letters = []
    for language, text in texts.items():
        news = mails.change_of(call, language, text)
        message = Message(
            kind=news.kind, language=language, context=news.context, path=call.get_absolute_url()
        )
        letters.append(_shown(message, stationery))
    return letters


def _letter(news: mails.News, application: Application, stationery: Stationery) -> Shown:
    message = Message(
        kind=news.kind,
        language=application.language,
        name=application.volunteer.name,
        context=news.context,
        path=application.get_absolute_url(),
    )
    return _shown(message, stationery)


def _shown(message: Message, stationery: Stationery) -> Shown:
    letter = letter_of(message, stationery)
    return Shown(letter, HTML_LANG[message.language], message.get_language_display())
