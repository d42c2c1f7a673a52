"""Asking for news by email, confirming it, changing and ending it; each safe to do twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from oda_portal.mail.models import Message
from oda_portal.mail.models import State as MailState
from oda_portal.privacy import consents
from oda_portal.privacy.destruction import delete_mails

from ..models import Subscription
from ..models.subscriptions import Pace, State
from . import digests, mails
from .forms import INFORMATION, PROMOTION, ChangeForm, RenewForm, SubscribeForm, WishesForm

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

UNSENT = (MailState.QUEUED, MailState.AWAITING_RETRY)


def register() -> None:
    consents.when_taken_back("news.subscription", INFORMATION, stop)
    consents.when_taken_back("news.subscription", PROMOTION, stop_promotion)


@transaction.atomic
def ask(form: SubscribeForm, *, by: User | None) -> None:
    """Keep what was asked for until the link in the mail is followed.

    Nothing that is returned tells whether the address was known.
    """
    email = form.cleaned_data["email"]
    if mails.too_many_to(email):
        return
    subscription = _live(email) or _created(form)
    if subscription.state == State.ACTIVE:
        _as_if_kept(subscription, form, by=by)
        mails.already_subscribed(subscription)
        return
    subscription.asked_again()
    _keep_wishes(subscription, form, by=by)
    mails.confirmation_wanted(subscription)


def _as_if_kept(subscription: Subscription, form: SubscribeForm, *, by: User | None) -> None:
    """The work of keeping, undone: how long an answer takes must not tell what it does not say."""
    with transaction.atomic():
        _keep_wishes(subscription, form, by=by)
        transaction.set_rollback(True)
    subscription.refresh_from_db()


def _live(email: str) -> Subscription | None:
    return Subscription.objects.live().select_for_update().filter(email=email).first()


def _created(form: SubscribeForm) -> Subscription:
    email = form.cleaned_data["email"]
    try:
        with transaction.atomic():
            return Subscription.objects.create(email=email, **form.columns())
    except IntegrityError:  # somebody asked for the same address at the same moment
        if (found := _live(email)) is None:
            raise
        return found


def confirm(subscription: Subscription) -> bool:
    """False when it was confirmed or ended before."""
    return subscription.confirm(by=None)


@transaction.atomic
def change(subscription: Subscription, form: ChangeForm, *, by: User | None) -> bool:
    """Ask for something else from now on; False when it has ended meanwhile."""
    current = Subscription.objects.active().select_for_update().filter(pk=subscription.pk).first()
    if current is None:
        return False
    _settle(current, pace=form.cleaned_data["pace"])
    _keep_wishes(current, form, by=by)
    return True


@transaction.atomic
def renew(subscription: Subscription, form: RenewForm, *, by: User | None) -> bool:
    """Agreed to once more; False when it has ended meanwhile."""
    current = Subscription.objects.active().select_for_update().filter(pk=subscription.pk).first()
    if current is None:
        return False
    _settle(current, pace=current.pace)
    current.promotion = form.agrees_to_promotion
    current.save(update_fields=["promotion"])
    # Each answer is a row of its own, also where it is the same as two years ago.
    for name, field in form.fields.items():
        if isinstance(field, consents.ConsentField):
            consents.give(current, field.text, given=form.cleaned_data[name], by=by)
    return current.renew()


@transaction.atomic
def end(subscription: Subscription, *, by: User | None, reason: str = "") -> bool:
    """No more mails, those that wait included; False when it had ended before."""
    if not subscription.end(by=by, reason=reason):
        return False
    drop_unsent(subscription)
    forget_sent(subscription)
    for kind in (INFORMATION, PROMOTION):
        consents.withdraw(subscription, kind, by=by)
    return True


def stop(subscription: Subscription) -> None:
    """The consent to be sent anything was taken back."""
    end(subscription, by=None, reason="consent withdrawn")


def stop_promotion(subscription: Subscription) -> None:
    """The consent was taken back; what was subscribed to goes on."""
    Subscription.objects.filter(pk=subscription.pk).update(promotion=False)


def drop_unsent(subscription: Subscription) -> None:
    # Held first: one that a sender takes in hand meanwhile goes out, and keeps its row.
    unsent = _mails_about(subscription).filter(state__in=UNSENT)
    held = [message.pk for message in unsent.select_for_update()]
    Message.objects.filter(pk__in=held).delete()


def forget_sent(subscription: Subscription) -> None:
    """What was sent goes, as was promised; of mails whose links still answer, the wishes."""
    over = _mails_about(subscription).exclude(state=MailState.IN_FLIGHT)
    delete_mails(over.filter(kind__in=(mails.INSTANT, mails.DIGEST)))
    for message in over.filter(kind__in=(mails.CONFIRM, mails.RENEW)):
        message.context["wishes"] = ""
        message.save(update_fields=["context"])


def _mails_about(subscription: Subscription) -> QuerySet[Message]:
    about = ContentType.objects.get_for_model(Subscription)
    return Message.objects.filter(about_type=about, about_id=subscription.pk)


def _settle(subscription: Subscription, *, pace: str) -> None:
    """Send what the next weekly mail would tell, where none may follow; the next begins here."""
    gets_weekly = subscription.pace == Pace.WEEKLY or subscription.promotion
    if not gets_weekly or pace != subscription.pace:
        digests.send_one(subscription)


def _keep_wishes(subscription: Subscription, form: WishesForm, *, by: User | None) -> None:
    for name, value in form.columns().items():
        setattr(subscription, name, value)
    subscription.promotion = form.agrees_to_promotion
    subscription.save(update_fields=[*form.columns(), "promotion"])
    for name, rows in form.rows().items():
        getattr(subscription, name).set(rows)
    consents.give_all(subscription, form, by=by)
