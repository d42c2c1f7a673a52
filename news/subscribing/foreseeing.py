"""Who gets mail when an article or a call is published, as staff see it before; nothing is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from oda_portal.mail.models import Message
from oda_portal.mail.previews import Shown, preview_of
from oda_portal.mail.rendering import Stationery
from oda_portal.publishing import effects
from oda_portal.publishing.effects import Act, Effect
from oda_portal.publishing.texts import period, text_in
from volunteers.models import Call

from ..models import Announcement, Article, Delivery, Subscription
from ..models.subscriptions import Pace
from . import mails, wording
from .announcing import OLD, UNSENT
from .digests import last_end, opened_at
from .matching import Facets, facets_of_articles, facets_wanted, is_about

HANDFUL = 1000


def register() -> None:
    effects.register(Article, effects_of_articles)
    effects.register(Call, effects_of_calls)


def effects_of_articles(articles: Sequence[Article], act: Act) -> Iterator[Effect]:
    if act != Act.PUBLISH:
        yield from _held_back(articles)
        return
    yield Effect(_("Shown in the list of news and in the feeds."))
    told = set(Announcement.objects.filter(article__in=articles).values_list("article", flat=True))
    fresh = [one for one in articles if one.pk not in told and _is_news(one)]
    if len(fresh) < len(articles):
        yield Effect(
            _(
                "Subscribers are not told about articles that are older than 30 days or already"
                " announced."
            )
        )
    if fresh:
        yield from _mails_about(fresh)


def _is_news(article: Article) -> bool:
    public_at = max(filter(None, [timezone.now(), article.publish_at]))
    return article.registered_at > public_at - OLD


def _held_back(articles: Sequence[Article]) -> Iterator[Effect]:
    waiting = Delivery.objects.filter(article__in=articles, message__state__in=UNSENT)
    if count := waiting.count():
        sentence = ngettext(
            "%(count)s email about it that has not been sent yet is held back.",
            "%(count)s emails about it that have not been sent yet are held back.",
            count,
        )
        yield Effect(sentence % {"count": count}, count)


def _mails_about(articles: list[Article]) -> Iterator[Effect]:
    rows = Article.objects.filter(pk__in=[article.pk for article in articles])
    facets = facets_of_articles(rows)
    readers = _readers(facets)
    stationery = Stationery()
    for article in articles:
        for pace in (Pace.INSTANT, Pace.WEEKLY):
            languages = readers[article.pk, pace]
            if languages:
                yield _effect(article, pace, languages, stationery)
    if not any(readers.values()):
        yield Effect(_("No subscriber asked for news like this."))


def _readers(facets: dict[int, Facets]) -> dict[tuple[int, str], Counter[str]]:
    """By article and pace how many read each language; subscriptions are read in handfuls."""
    found: dict[tuple[int, str], Counter[str]] = {
        (pk, pace): Counter() for pk in facets for pace in (Pace.INSTANT, Pace.WEEKLY)
    }
    active = Subscription.objects.active().only("pk", "pace", "language", "kinds").order_by("pk")
    for some in _handfuls(active.iterator(chunk_size=HANDFUL)):
        wanted = facets_wanted(some)
        for reader in some:
            for pk, about in facets.items():
                if is_about(wanted[reader.pk], about):
                    found[pk, reader.pace][reader.language] += 1
    return found


def _handfuls(rows: Iterable[Subscription]) -> Iterator[list[Subscription]]:
    some: list[Subscription] = []
    for row in rows:
        some.append(row)
        if len(some) == HANDFUL:
            yield some
            some = []
    if some:
        yield some


def _effect(article: Article, pace: str, languages: Counter[str], stationery: Stationery) -> Effect:
    count = languages.total()
    words = {"count": count, "title": text_in(article, "title").text, "who": _who(languages)}
    letter = _instant if pace == Pace.INSTANT else _weekly
    letters = tuple(letter(article, code, stationery) for code in HTML_CODES if languages[code])
    if pace == Pace.INSTANT:
        sentence = ngettext(
            "%(count)s subscriber gets an email about “%(title)s” at once (%(who)s).",
            "%(count)s subscribers get an email about “%(title)s” at once (%(who)s).",
            count,
        )
    else:
        sentence = ngettext(
            "%(count)s subscriber reads about “%(title)s” in the next weekly email (%(who)s).",
            "%(count)s subscribers read about “%(title)s” in the next weekly email (%(who)s).",
            count,
        )
    return Effect(sentence % words, count, letters)


HTML_CODES = tuple(code for code, _name in settings.LANGUAGES)


def _who(languages: Counter[str]) -> str:
    """Korean 12, English 3."""
    parts = [f"{name} {languages[code]}" for code, name in settings.LANGUAGES if languages[code]]
    return pgettext("between the names in a list", ", ").join(parts)


def _instant(article: Article, language: str, stationery: Stationery) -> Shown:
    message = Message(
        kind=mails.INSTANT,
        language=language,
        context=mails.item_context(article, language),
        path=article.get_absolute_url(),
    )
    return preview_of(message, stationery)


def _weekly(article: Article, language: str, stationery: Stationery) -> Shown:
    """With this article alone: what else the week brings is not known yet."""
    with translation.override(language):
        items = wording.listed([article])
    return _digest(language, items, "", stationery)


def _digest(language: str, items: str, calls: str, stationery: Stationery) -> Shown:
    ends = last_end(timezone.now()) + timedelta(days=7)
    with translation.override(language):
        days = period(timezone.localdate(ends - timedelta(days=7)), timezone.localdate(ends))
        context = wording.digest_of(days, items, calls)
    path = wording.page_for(items)
    message = Message(kind=mails.DIGEST, language=language, context=context, path=path)
    return preview_of(message, stationery)


def effects_of_calls(calls: Sequence[Call], act: Act) -> Iterator[Effect]:
    if act != Act.PUBLISH:
        yield Effect(_("Weekly emails that have not gone out yet leave the call out."))
        return
    yield Effect(_("Shown in the list of calls and in the calendar."))
    told = [call for call in calls if _will_be_told(call)]
    if not told:
        yield Effect(_("Subscribers are not told about a call that opened before this week."))
        return
    languages = Counter(
        Subscription.objects.active().filter(promotion=True).values_list("language", flat=True)
    )
    if count := languages.total():
        yield _promotion(told, languages, count)
    else:
        yield Effect(_("No subscriber agreed to promotion."))


def _will_be_told(call: Any) -> bool:
    """Weekly mails tell of calls that opened since the last one and can still be answered."""
    now = timezone.now()
    return call.closes_at > now and opened_at(call) > last_end(now)


def _promotion(calls: list[Any], languages: Counter[str], count: int) -> Effect:
    stationery, letters = Stationery(), []
    for code in HTML_CODES:
        if languages[code]:
            with translation.override(code):
                promoted = wording.promoted(calls)
            letters.append(_digest(code, "", promoted, stationery))
    sentence = ngettext(
        "%(count)s subscriber who agreed to promotion reads about it in the weekly email after"
        " it opens (%(who)s).",
        "%(count)s subscribers who agreed to promotion read about it in the weekly email after"
        " it opens (%(who)s).",
        count,
    )
    return Effect(sentence % {"count": count, "who": _who(languages)}, count, tuple(letters))
