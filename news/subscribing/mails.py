"""One function for each mail to subscribers; the only callers of the outbox in this package."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone, translation
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from oda_portal.mail import kinds, outbox
from oda_portal.mail.models import Message
from oda_portal.pages.limits import mailbox, may_be_done
from oda_portal.publishing.texts import day, period, text_in
from volunteers.models import Call

from ..models import Announcement, Article, Delivery, Subscription
from . import addresses, wording

GROUP = _("Subscriptions to news")
CONFIRM, EXISTS, RENEW = "subscription_confirm", "subscription_exists", "subscription_renew"
INSTANT, DIGEST = "news_instant", "news_digest"
# As long as an unconfirmed subscription is kept.
CONFIRM_LIFETIME = timedelta(days=7)
EXISTS_LIFETIME = timedelta(days=7)
RENEW_LIFETIME = timedelta(days=60)
# Nobody's mailbox is filled by others: so many a day, from wherever they are asked for.
ASKED_A_DAY = 5
# One mailbox may have any number of addresses (name+anything@…). With forms that were sent twice.
ASKED_OF_A_BOX = 2 * ASKED_A_DAY
ASKED_EVERY = 600  # seconds

EXAMPLE_DAYS = "2026. 11. 30.~12. 7."
WISHES: dict[str, kinds.Words] = {"wishes": _("what was asked for")}
WISHES_SAMPLE: dict[str, kinds.Words] = {"wishes": _("All news")}


def register() -> None:
    """Make the mails of this package known to the outbox."""
    from . import links  # noqa: PLC0415  (its pages import what imports this module)

    _register_asked(links)
    _register_news()


def _register_asked(links: Any) -> None:
    kinds.register(
        kinds.Kind(
            name=CONFIRM,
            label=_("Confirm a subscription"),
            group=GROUP,
            placeholders={**WISHES, "days": _("for how many days the link works")},
            sample={**WISHES_SAMPLE, "days": "7"},
            button=_("Go to the confirmation"),
            personal=True,
            lifetime=CONFIRM_LIFETIME,
            opens=links.open_confirmation,
            renew="subscribing:subscribe",
            urgent=True,
        )
    )
    kinds.register(
        kinds.Kind(
            name=EXISTS,
            label=_("Sign-up with an address that is already subscribed"),
            group=GROUP,
            button=_("Change or stop"),
            personal=True,
            lifetime=EXISTS_LIFETIME,
            opens=links.open_change,
            renew="subscribing:subscribe",
            urgent=True,
        )
    )
    kinds.register(
        kinds.Kind(
            name=RENEW,
            label=_("Confirm a subscription again, every two years"),
            group=GROUP,
            placeholders={
                **WISHES, "since": _("the day of the consent"), "until": _("the last day"),
            },
            sample={**WISHES_SAMPLE, "since": "2024. 12. 4.", "until": "2026. 12. 4."},
            button=_("Keep the subscription"),
            personal=True,
            lifetime=RENEW_LIFETIME,
            opens=links.open_renewal,
            renew="subscribing:subscribe",
        )
    )  # fmt: skip


def _register_news() -> None:
    kinds.register(
        kinds.Kind(
            name=INSTANT,
            label=_("One news item, at once"),
            group=GROUP,
            placeholders={
                "title": _("the title"), "kind": _("kind and day"), "summary": _("the summary"),
            },
            sample={
                "title": _("Training for city officials has begun"),
                "kind": _("Press release · 4 December 2026"),
                "summary": _("Fifteen officials from four cities are in Busan for two weeks."),
            },
            button=_("Read on"),
            leave=addresses.leave_of,
            is_void=_is_taken_down,
        )
    )  # fmt: skip
    kinds.register(
        kinds.Kind(
            name=DIGEST,
            label=_("News of the week"),
            group=GROUP,
            placeholders={
                "label": _("“(광고)” before a mail with promotion, otherwise nothing"),
                "period": _("the days that it is about"),
                "opening": _("a sentence: news of these days, or calls alone"),
                "items": _("the news, by kind"),
                "calls": _("calls, for those who agreed to promotion"),
                "more": _("where the address leads: to all news, or to all calls"),
            },
            sample={
                "label": "",
                "period": EXAMPLE_DAYS,
                "opening": lazy(lambda: wording.digest_of(EXAMPLE_DAYS, "-", "")["opening"], str)(),
                "items": _("[Press release]\n- Training for city officials has begun"),
                "calls": "",
                "more": _("Read all news here:"),
            },
            required=("items", "calls"),
            leave=addresses.leave_of,
            linked=("items", "calls"),
        )
    )


def _is_taken_down(message: Message) -> bool:
    """Whether its article is public no more. Published again, that is news to whoever missed it."""
    told = Delivery.objects.filter(message=message)
    if told.filter(article__in=Article.objects.published()).exists():
        return False
    Announcement.objects.filter(article__deliveries__in=told).delete()
    told.delete()
    return True


# --- what somebody asked for at the screen --------------------------------------------------------


def too_many_to(email: str) -> bool:
    """Whether this address, or the mailbox it leads to, had as many today as it may have."""
    box = mailbox(email)
    if not may_be_done("news.subscribe:to", box, limit=ASKED_OF_A_BOX, seconds=24 * 60 * 60):
        return True
    since = timezone.now() - timedelta(days=1)
    asked = Message.objects.filter(kind__in=(CONFIRM, EXISTS), to=email, queued_at__gt=since)
    return asked.count() >= ASKED_A_DAY


def confirmation_wanted(subscription: Subscription) -> bool:
    with translation.override(subscription.language):
        context = {
            "wishes": wording.told(wording.wishes_of(subscription)),
            "days": CONFIRM_LIFETIME.days,
        }
    return _post(CONFIRM, subscription, context, once=_now_and_then("confirm", subscription))


def already_subscribed(subscription: Subscription) -> bool:
    """Instead of telling it to whoever typed the address."""
    return _post(EXISTS, subscription, {}, once=_now_and_then("exists", subscription))


def _now_and_then(what: str, subscription: Subscription) -> str:
    """Whoever asks again within ten minutes has one on its way."""
    bucket = int(timezone.now().timestamp() // ASKED_EVERY)
    return f"subscription:{what}:{subscription.pk}:{bucket}"


# --- what goes out by the clock -------------------------------------------------------------------


def renewal_wanted(subscription: Subscription) -> bool:
    by = subscription.reconfirm_by
    if by is None:
        raise ValueError("only what was confirmed can be confirmed again")
    with translation.override(subscription.language):
        since = subscription.confirmed_at or subscription.asked_at
        context = {
            "wishes": wording.told(wording.wishes_of(subscription)),
            "since": day(timezone.localdate(since)),
            "until": day(timezone.localdate(by)),
        }
    once = f"subscription:renew:{subscription.pk}:{by.date()}"
    return _post(RENEW, subscription, context, once=once)


def item_context(article: Article, language: str) -> dict[str, str]:
    """What a mail about one article says of it."""
    with translation.override(language):
        return {
            "title": text_in(article, "title").text,
            "kind": wording.kind_line(article),
            "summary": text_in(article, "summary").text,
        }


def item(subscription: Subscription, article: Article) -> Message | None:
    """One article to one person. The caller keeps the row that makes it once."""
    return outbox.post(
        INSTANT,
        to=subscription.email,
        language=subscription.language,
        context=item_context(article, subscription.language),
        about=subscription,
        path=article.get_absolute_url(),
    )


def digest(
    subscription: Subscription, *, starts: datetime, ends: datetime, items: str, calls: str
) -> Message | None:
    """The news of a period; None when it went out before. `items` and `calls` are texts."""
    with translation.override(subscription.language):
        days = period(timezone.localdate(starts), timezone.localdate(ends))
        context = wording.digest_of(days, items, calls)
    return outbox.post(
        DIGEST,
        to=subscription.email,
        language=subscription.language,
        context=context,
        about=subscription,
        path=wording.page_for(items),
        once=f"digest:{subscription.pk}:{int(ends.timestamp())}",
    )


def rewrite(message: Message, articles: Iterable[Article], calls: Iterable[Call]) -> bool:
    """Let a weekly mail that still waits tell of these alone; False when there is nothing left."""
    with translation.override(message.language):
        items, promoted = wording.listed(articles), wording.promoted(calls)
        message.context = wording.digest_of(message.context["period"], items, promoted)
    message.path = wording.page_for(items)
    if not items and not promoted:
        return False
    message.save(update_fields=["context", "path"])
    return True


def _post(
    kind: str, subscription: Subscription, context: Mapping[str, object], *, once: str
) -> bool:
    message = outbox.post(
        kind,
        to=subscription.email,
        language=subscription.language,
        context=context,
        about=subscription,
        once=once,
    )
    return message is not None
