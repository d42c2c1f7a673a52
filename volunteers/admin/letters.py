"""What an applicant would be told, shown to staff before they decide; nothing is sent here."""

from __future__ import annotations

import copy
from dataclasses import dataclass

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from oda_portal.languages import HTML_LANG
from oda_portal.mail.models import Message
from oda_portal.mail.previews import Shown, preview_of
from oda_portal.mail.rendering import Stationery
from oda_portal.publishing.times import korea_moment
from volunteers import mails, wording
from volunteers.deciding import Wish
from volunteers.models import Application, Call
from volunteers.models.states import DECISIONS, MOVES
from volunteers.places import answer_until


@dataclass(frozen=True)
class Notice:
    """What becomes known to the applicant by an act, and when."""

    application: Application
    sentence: str
    place: str
    html_lang: str
    when: str
    shown: Shown | None


def notice_of(wish: Wish, act: str, stationery: Stationery) -> Notice:
    """`wish.rank` is the place that is told; see `planning`."""
    application, after = wish.application, after_deciding(wish, act)
    with translation.override(application.language):
        sentence, place = wording.sentence(after), wording.place(after)
    news = mails.news_of(after)
    letter = news and letter_shown(news, after, stationery)
    when = _when(after, act, by_mail=news is not None)
    return Notice(application, sentence, place, HTML_LANG[application.language], when, letter)


def after_deciding(wish: Wish, act: str) -> Application:
    """The application as it would be; a copy that nobody saves."""
    after = copy.copy(wish.application)
    after.state, after.state_at = MOVES[act][1], timezone.now()
    after.opening = wish.opening or after.opening
    after.place_in_line, after.let_offer_pass = wish.rank, False
    if act == "select" and wish.opening:
        after.answer_by = answer_until(wish.opening, after.call.confirm_by)
    return after


def _when(after: Application, act: str, *, by_mail: bool) -> str:
    call = after.call
    if act not in DECISIONS or call.results_are_out():
        return (
            _("At once, by email and on their page.") if by_mail else _("On their page, no email.")
        )
    if call.released_at is None:
        return _("Not until the call has a time for its results and that time has come.")
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
        letters.append(preview_of(message, stationery))
    return letters


def letter_shown(
    news: mails.News, application: Application, stationery: Stationery, *, path: str = ""
) -> Shown:
    """The mail as this applicant would get it; `path` is where it leads, by default their page."""
    message = Message(
        kind=news.kind,
        language=application.language,
        name=application.volunteer.name,
        context=news.context,
        path=path or application.get_absolute_url(),
    )
    return preview_of(message, stationery)
