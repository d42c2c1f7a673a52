"""What staff put around every page: the urgent banner, the menu, links at the foot."""

from __future__ import annotations

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.pages.addresses import leads_somewhere, on_this_portal
from oda_portal.publishing.models import Publishable, PublishableQuerySet, TextQuerySet


def check_address(address: str) -> None:
    """A page of this portal that exists, or another site behind https."""
    if address.startswith("https://"):
        return
    if not on_this_portal(address):
        raise ValidationError(_("Begin with “/” for this portal, or “https://” for another site."))
    if not leads_somewhere(address):
        raise ValidationError(_("This portal has no page at that address. Please check it."))


class LinkAddressField(models.CharField):
    """Where a link of the frame leads: an address on this portal without language, or https."""

    default_validators = [check_address]

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("max_length", 300)
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]


class BannerQuerySet(PublishableQuerySet):
    def urgent_first(self) -> Self:
        return self.annotate(
            rank=models.Case(models.When(kind=Banner.Kind.URGENT, then=0), default=1)
        ).order_by("rank", "-pk")


class Banner(Publishable):
    """A line above every page, while it is published."""

    class Kind(models.TextChoices):
        URGENT = "urgent", pgettext_lazy("banner", "Urgent")
        NOTICE = "notice", pgettext_lazy("banner", "Notice")

    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=Kind,
        default=Kind.URGENT,
        help_text=_(
            "Urgent banners come first, in a warning colour. Use them for what people need to"
            " know at once, such as a changed place or a cancelled departure."
        ),
    )
    text = models.CharField(_("text"), max_length=200, help_text=_("One or two short sentences."))
    address = LinkAddressField(
        _("link"),
        blank=True,
        help_text=_("Where to read more: /news/… on this portal, or https://… elsewhere."),
    )
    link_text = models.CharField(
        _("text of the link"),
        max_length=60,
        blank=True,
        help_text=_("If empty, it says “Read more”."),
    )

    objects = BannerQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("banner")
        verbose_name_plural = _("banners")

    def __str__(self) -> str:
        return self.text


class MenuEntry(models.Model):
    """A link in the main menu or at the foot; without any, the portal's own stand there."""

    class Place(models.TextChoices):
        MAIN = "main", pgettext_lazy("menu", "Main menu")
        FOOT = "foot", pgettext_lazy("menu", "Footer links")
        RELATED = "related", pgettext_lazy("menu", "Related sites")

    place = models.CharField(
        _("where it appears"),
        max_length=10,
        choices=Place,
        default=Place.MAIN,
        help_text=_(
            "As soon as you add a link to the main menu or the footer, your links replace the"
            " built-in ones there. The privacy policy and other fixed pages always stay in the"
            " footer."
        ),
    )
    parent = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        limit_choices_to={"parent": None, "place": Place.MAIN},
        related_name="below",
        verbose_name=_("parent entry"),
        help_text=_(
            "In the main menu: the entry above this one. If empty, this is a top-level entry."
        ),
    )
    label = models.CharField(_("text shown"), max_length=60)
    address = LinkAddressField(
        pgettext_lazy("web", "address"),
        help_text=_("/programs/?kind=training on this portal, or https://… elsewhere."),
    )
    with_own_pages = models.BooleanField(
        _("include services and fixed pages"),
        default=False,
        help_text=_(
            "All services and the pages about the office are listed below it automatically."
        ),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    is_shown = models.BooleanField(_("shown"), default=True)

    objects = TextQuerySet.as_manager()

    class Meta:
        ordering = ["place", "position", "pk"]
        verbose_name = _("menu entry")
        verbose_name_plural = _("menus and footer links")
        constraints = [
            models.CheckConstraint(
                condition=Q(parent=None) | Q(place="main"), name="menu_entry_below_in_main_menu"
            ),
            models.UniqueConstraint(
                fields=["place", "address"],
                condition=Q(parent=None),
                name="menu_entry_once_on_top",
                violation_error_message=_("There is a link to this address there already."),
            ),
            models.UniqueConstraint(
                fields=["parent", "address"],
                condition=Q(parent__isnull=False),
                name="menu_entry_once_below",
                violation_error_message=_("There is a link to this address there already."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        """Two levels and no more: what stands below another has nothing below itself."""
        if self.parent is None:
            return
        if self.place != self.Place.MAIN:
            raise ValidationError(
                {"parent": _("Only entries of the main menu can have a parent entry.")}
            )
        if self.parent == self or self.parent.parent_id or (self.pk and self.below.exists()):
            raise ValidationError(
                {"parent": _("The menu has two levels. Choose a top-level entry.")}
            )
