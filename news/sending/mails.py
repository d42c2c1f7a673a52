"""The mail that takes an article to somebody."""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from news.models import Article
from oda_portal.languages import path_in
from oda_portal.mail.kinds import Kind, register
from oda_portal.mail.models import Message
from oda_portal.mail.outbox import post
from oda_portal.publishing.texts import text_in

# The same to the same person is sent once in so long, however often the button is pressed.
ONCE_IN = 60 * 60  # seconds


def _is_taken_down(message: Message) -> bool:
    return not Article.objects.published().filter(pk=message.about_id).exists()


KIND = Kind(
    name="article_sent",
    label=gettext_lazy("An article that a reader sends"),
    group=gettext_lazy("News"),
    placeholders={
        "words": gettext_lazy("who sent it, and their note"),
        "title": gettext_lazy("the title of the article"),
    },
    sample={
        "words": gettext_lazy("A reader sent you this article."),
        "title": gettext_lazy("Volunteers are back from Phnom Penh"),
    },
    button=gettext_lazy("Read the article"),
    # What a reader wrote is nobody's business but the receiver's.
    secret=True,
    urgent=True,
    forgotten=True,
    is_void=_is_taken_down,
)


def register_kinds() -> None:
    register(KIND)


def send(article: Article, *, to: str, name: str = "", note: str = "") -> None:
    """Queue the mail in the active language; twice the same within an hour is one mail."""
    language = translation.get_language()
    key = _key(str(article.pk), language, to.lower(), name, note)
    if cache.get(key):
        return
    post(
        KIND.name,
        to=to,
        language=language,
        context={
            "words": _words(name, note),
            "title": text_in(article, "title").text,
            "link": settings.SITE_URL + path_in(article.get_absolute_url(), language),
        },
        about=article,
        path=article.get_absolute_url(),
        once=key,
    )
    cache.set(key, 1, timeout=ONCE_IN)


def _key(*parts: str) -> str:
    """Tells nobody without the portal's key whom it is about."""
    digest = salted_hmac("news.sending", "\n".join(parts), algorithm="sha256").hexdigest()
    return f"{KIND.name}:{digest}"


def _words(name: str, note: str) -> str:
    if name and note:
        return _("%(name)s sent you this article and wrote:\n“%(note)s”") % {
            "name": name,
            "note": note,
        }
    if name:
        return _("%(name)s sent you this article.") % {"name": name}
    if note:
        return _("A reader sent you this article and wrote:\n“%(note)s”") % {"note": note}
    return _("A reader sent you this article.")
