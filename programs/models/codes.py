"""The two ways to say what a programme is about: citizens' words and DAC codes."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.publishing.models import TextQuerySet


class Theme(models.Model):
    """A word that citizens use: city planning, fisheries, health care."""

    class Palette(models.TextChoices):
        """Colours that covers of this theme are drawn in."""

        OCEAN = "ocean", _("Ocean")
        TRANSPORT = "transport", _("Transport")
        HEALTH = "health", _("Health")
        CHILDREN = "children", _("Children")
        DIGITAL = "digital", _("Digital")
        FINANCE = "finance", _("Finance")
        PEOPLE = "people", pgettext_lazy("palette", "People")
        CULTURE = "culture", _("Culture")
        GREEN = "green", _("Green")
        CITY = "city", _("City")

    slug = models.SlugField(pgettext_lazy("web", "address"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)
    palette = models.CharField(_("colours"), max_length=12, choices=Palette, default=Palette.OCEAN)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = TextQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("theme")
        verbose_name_plural = _("themes")

    def __str__(self) -> str:
        return self.name


class Sector(models.Model):
    """An OECD DAC purpose code (five digits)."""

    code = models.CharField(
        _("DAC purpose code"),
        max_length=5,
        unique=True,
        validators=[RegexValidator(r"^\d{5}$")],
    )
    name = models.CharField(_("name"), max_length=120)

    objects = TextQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
