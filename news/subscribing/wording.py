"""What a subscription asks for, and what its mails list, in words of the active language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from oda_portal.languages import bare_path, path_in
from oda_portal.pages.furniture import office
from oda_portal.publishing.texts import day, text_in

from ..models import Article, Subscription
from ..models.articles import Kind
from ..models.subscriptions import Pace

# The law wants it in Korean at the beginning of the subject, whatever the mail's language.
PROMOTION_LABEL = "(광고) "


class Wish(NamedTuple):
    label: str
    text: str


def wishes_of(subscription: Subscription) -> list[Wish]:
    """What is asked for, one line a facet; facets in which nothing is chosen are left out."""
    rows = [
        Wish(_("Kinds"), _joined(kind.label for kind in Kind if kind in subscription.kinds)),
        Wish(_("Countries and areas"), _names(subscription.countries.all(), "name")),
        Wish(_("Themes"), _names(subscription.themes.all(), "name")),
        Wish(_("Programmes"), _names(subscription.programs.all(), "title")),
    ]
    found = [row for row in rows if row.text] or [
        Wish(pgettext("subscription", "About"), _("All news"))
    ]
    if subscription.promotion:
        found.append(Wish(_("Promotion"), _("New calls for volunteers")))
    return [
        *found,
        Wish(_("How often"), str(Pace(subscription.pace).label)),
        Wish(_("Language of the emails"), subscription.get_language_display()),
    ]


def told(wishes: Iterable[Wish]) -> str:
    """The same as lines of a mail."""
    line = _("%(filter)s: %(value)s")
    return "\n".join(line % {"filter": wish.label, "value": wish.text} for wish in wishes)


def title_of(article: Article) -> str:
    """The title, marked where the reader gets it in another language."""
    text = text_in(article, "title")
    if not text.is_foreign:
        return text.text
    words = {"title": text.text, "language": foreign(text.language)}
    return _("%(title)s (%(language)s)") % words


def foreign(language: str) -> str:
    return _("In %(language)s") % {"language": dict(settings.LANGUAGES)[language]}


def kind_line(article: Article) -> str:
    """Kind, day, and the language where it is another one."""
    registered_on = day(timezone.localdate(article.registered_at), article.precision)
    parts = [str(Kind(article.kind).label), registered_on]
    text = text_in(article, "title")
    if text.is_foreign:
        parts.append(foreign(text.language))
    return " · ".join(parts)


def listed(articles: Iterable[Article]) -> str:
    """The articles of a weekly mail, by kind."""
    rows = list(articles)
    groups = []
    for kind in Kind:
        entries = [_entry(title_of(one), one) for one in rows if one.kind == kind]
        if entries:
            groups.append("\n".join([_("[%(kind)s]") % {"kind": kind.label}, *entries]))
    return "\n\n".join(groups)


def promoted(calls: Iterable[Any]) -> str:
    """Calls for those who agreed to promotion, with who sends it, as the law wants."""
    entries = [_entry(text_in(call, "title").text, call) for call in calls]
    if not entries:
        return ""
    sender = office()
    parts = (sender["name"], sender["address"], sender["telephone"], sender["email"])
    sent_by = _joined(filter(None, parts))
    return "\n".join(
        [
            _("[%(kind)s]") % {"kind": _("Calls for volunteers")},
            *entries,
            "",
            _("You get these calls because you agreed to promotion by email."),
            _("Sent by: %(office)s") % {"office": sent_by},
        ]
    )


def slugs_of(promoted: str) -> set[str]:
    """Of which calls such a text tells: the address of each stands at the end of a line."""
    calls = bare_path(reverse("volunteers:call_list"))
    return set(re.findall(rf"{calls}([a-z0-9-]+)/$", promoted, re.MULTILINE))


def digest_of(days: str, items: str, calls: str) -> dict[str, str]:
    """The values of a weekly mail about these days; one of `items` and `calls` may be empty.

    The two stand in one paragraph of the text, so that an empty one leaves no gap.
    """
    if items:
        opening, more = _("What is new, %(period)s."), _("Read all news here:")
    else:
        opening, more = _("New calls for volunteers, %(period)s."), _("See all calls here:")
    return {
        "label": PROMOTION_LABEL if calls else "",
        "period": days,
        "opening": opening % {"period": days},
        "items": items,
        "calls": f"\n\n{calls}" if items and calls else calls,
        "more": more,
    }


def news_page() -> str:
    return reverse("news:article_list")


def page_for(items: str) -> str:
    """Where a weekly mail leads: to the news, or to the calls when it tells of nothing else."""
    return news_page() if items else reverse("volunteers:call_list")


def _entry(title: str, row: Any) -> str:
    language = get_language() or settings.LANGUAGE_CODE
    return f"- {title}\n  {settings.SITE_URL}{path_in(row.get_absolute_url(), language)}"


def _names(rows: Iterable[Any], field: str) -> str:
    return _joined(text_in(row, field).text for row in rows)


def _joined(words: Iterable[Any]) -> str:
    return pgettext("between the names in a list", ", ").join(map(str, words))
