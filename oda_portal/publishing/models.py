"""Everything with a public face is Publishable; every public question starts at `published()`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.audit.models import record_transition

from .collations import in_reading_order

if TYPE_CHECKING:
    from oda_portal.accounts.models import User


class Status(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("publish", "Draft")
    PUBLISHED = "published", pgettext_lazy("publish", "Published")
    WITHDRAWN = "withdrawn", pgettext_lazy("publish", "Taken down")


class Precision(models.TextChoices):
    """How much of a date is known. A period is stored from its first to its last possible day."""

    DAY = "day", _("Day")
    MONTH = "month", _("Month")
    YEAR = "year", _("Year")


def language_column(field: str, code: str) -> str:
    """The column of a translated field that holds its text in a language."""
    return f"{field}_{code.replace('-', '_')}"


def language_columns(field: str) -> list[str]:
    """Columns of a translated field, in the order in which a reader of this language wants them."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    order = (language, *settings.MODELTRANSLATION_FALLBACK_LANGUAGES[language])
    return [language_column(field, code) for code in order]


class TextQuerySet(models.QuerySet):
    """Questions about translated text.

    Only reading falls back with modeltranslation: a filter or an order on `title` would see the
    empty column of the active language.
    """

    def with_text(self, field: str) -> Self:
        """Annotate `<field>_text`: what a reader of the active language sees."""
        empty = models.Value("", output_field=models.TextField())
        columns = [
            NullIf(F(column), empty, output_field=models.TextField())
            for column in language_columns(field)
        ]
        text = Coalesce(*columns, empty, output_field=models.TextField())
        return self.annotate(**{f"{field}_text": text})

    def order_by_text(self, field: str) -> Self:
        """As a reader of the active language looks it up: Korean order, ABC, pinyin."""
        return self.with_text(field).order_by(in_reading_order(f"{field}_text"), "pk")

    def containing(self, words: str, *fields: str, **named: TextQuerySet) -> Self:
        """Rows in which every word stands somewhere in one of the fields, in any language.

        `named` are fields of what a row has several of, with the rows that count:
        `cities__name=City.objects.published()`. They are looked up apart and never joined: each
        word would multiply the rows by all that each of them has.
        """
        rows = self
        for word in words.split():
            match = Q()
            for field in fields:
                for code in settings.MODELTRANSLATION_LANGUAGES:
                    match |= Q(**{f"{language_column(field, code)}__icontains": word})
            for name, others in named.items():
                way, _sep, field = name.rpartition("__")
                found = {f"{way}__in": others.containing(word, field)}
                match |= Q(pk__in=self.model._base_manager.filter(**found).values("pk"))
            rows = rows.filter(match)
        return rows


def is_published(at: datetime | None = None, *, through: str = "") -> Q:
    """The rule of what everybody may see, for rows that a relation leads to: `cities__`."""
    at = at or timezone.now()
    return (
        (Q(**{f"{through}publish_at": None}) | Q(**{f"{through}publish_at__lte": at}))
        & (Q(**{f"{through}expire_at": None}) | Q(**{f"{through}expire_at__gt": at}))
        & Q(**{f"{through}status": Status.PUBLISHED})
    )


class PublishableQuerySet(TextQuerySet):
    def published(self, at: datetime | None = None) -> Self:
        """What everybody may see at this moment."""
        return self.filter(is_published(at))

    def show_for_a_look(self) -> None:
        """Public without a step in the trail: for previews, whose transaction is rolled back."""
        self.update(status=Status.PUBLISHED, publish_at=None, expire_at=None)


class Publishable(models.Model):
    status = models.CharField(
        pgettext_lazy("publish", "status"),
        max_length=10,
        choices=Status,
        default=Status.DRAFT,
        editable=False,
        db_index=True,
    )
    publish_at = models.DateTimeField(
        _("publish at"),
        null=True,
        blank=True,
        help_text=_("Korea time. If empty, it is shown as soon as it is published."),
    )
    expire_at = models.DateTimeField(
        _("take down at"), null=True, blank=True, help_text=_("Korea time. If empty, it stays.")
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    changed_at = models.DateTimeField(_("last changed"), auto_now=True)
    department = models.ForeignKey(
        "pages.Department",
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("department"),
        related_name="+",
        help_text=_("Who is responsible for this page. If empty, the office’s first department."),
    )

    class Meta:
        abstract = True

    def is_public(self, at: datetime | None = None) -> bool:
        """The same rule as `PublishableQuerySet.published`, for a row in hand."""
        at = at or timezone.now()
        return (
            self.status == Status.PUBLISHED
            and (self.publish_at is None or self.publish_at <= at)
            and (self.expire_at is None or self.expire_at > at)
        )

    def publish(self, *, by: User | None) -> bool:
        """Make the row public; False when it already was. From a draft or from taken down."""
        return self._move({Status.DRAFT, Status.WITHDRAWN}, Status.PUBLISHED, by=by)

    def withdraw(self, *, by: User | None, reason: str = "") -> bool:
        """Take the row off the site; False when it was not on it."""
        return self._move({Status.PUBLISHED}, Status.WITHDRAWN, by=by, reason=reason)

    def set_times(self, wanted: Mapping[str, datetime | None], *, by: User | None) -> bool:
        """Its clock, by columns, set anew; False when it stands so already."""
        with transaction.atomic():
            current = type(self)._base_manager.select_for_update().get(pk=self.pk)
            before = {name: getattr(current, name) for name in wanted}
            for name, at in wanted.items():
                setattr(current, name, at)
                setattr(self, name, at)
            if before == dict(wanted):
                return False
            current.save()
            self.changed_at = current.changed_at
            for name, at in wanted.items():
                if before[name] != at:
                    record_transition(self, name, _as_state(before[name]), _as_state(at), by=by)
        return True

    def _move(self, sources: set[Status], to: Status, *, by: User | None, reason: str = "") -> bool:
        with transaction.atomic():
            # The row as it stands now: of two people who press the button one moves it.
            current = type(self)._base_manager.select_for_update().get(pk=self.pk)
            before = self.status = current.status
            if before not in sources:
                return False
            # Saved is the row as it stands, not this copy, which may be older than an edit.
            current.status = to
            current.save()
            self.status, self.changed_at = current.status, current.changed_at
            record_transition(self, "status", before, to, by=by, reason=reason)
            return True


def _as_state(at: datetime | None) -> str:
    return at.isoformat(timespec="minutes") if at else ""


class Source(models.Model):
    """Where a fact was read."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    url = models.URLField(pgettext_lazy("web", "address"), max_length=500, blank=True)
    what = models.CharField(_("what it is"), max_length=300)
    language = models.CharField(_("language"), max_length=20, blank=True)
    published = models.CharField(
        _("published"), max_length=20, blank=True, help_text=_("As far as known: 2019-07-05, 2022.")
    )

    objects = TextQuerySet.as_manager()

    class Meta:
        ordering = ["key"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self) -> str:
        return self.what

    @property
    def host(self) -> str:
        """The bare host name of the address, for people to read."""
        return self.url.split("/")[2].removeprefix("www.") if self.url else ""


class Dirty(models.Model):
    """A public object changed: it waits to be indexed, and for the generation to be raised.

    Written in the transaction of the change, so that neither a killed process nor a lost cache
    can make the portal forget it.
    """

    model = models.CharField(max_length=80)
    object_id = models.CharField(max_length=40)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("pending change")
        verbose_name_plural = _("pending changes")

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}"


def publish_update(rows: models.QuerySet, **values: Any) -> int:
    """`QuerySet.update` for public models: the change is seen at once and kept in history.

    A bare update sends no signals. Returns the number of rows changed.
    """
    changed = 0
    for row in rows.select_for_update():
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        changed += 1
    return changed
