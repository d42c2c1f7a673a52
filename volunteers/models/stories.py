"""What is published after a deployment: its report, and what volunteers write about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.publishing.models import Publishable, PublishableQuerySet, Status
from oda_portal.publishing.rich import RichTextField
from programs.models import Program
from programs.models.program import Kind

from .applications import Application

if TYPE_CHECKING:
    from oda_portal.accounts.models import User


class DeploymentReport(Publishable):
    """What a deployment did; its photos are those of the programme."""

    program = models.OneToOneField(
        Program,
        models.CASCADE,
        related_name="report",
        verbose_name=_("deployment"),
        limit_choices_to={"kind": Kind.VOLUNTEER},
        help_text=_("The photos are those of the programme."),
    )
    title = models.CharField(_("title"), max_length=200)
    text = RichTextField(_("text"))

    objects = PublishableQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("deployment report")
        verbose_name_plural = _("deployment reports")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{self.program.get_absolute_url()}#h-report"


class StoryQuerySet(PublishableQuerySet):
    def with_people(self) -> Self:
        return self.select_related("application__volunteer__user", "application__opening__program")

    def about(self, program: Program) -> Self:
        return self.filter(application__opening__program=program)


class Story(Publishable):
    """A volunteer's own words, published only as long as they agree.

    `agreed` follows the consent, and changes in the same lock as what publishes: no moment lets
    out what somebody has just taken back.
    """

    class ShownAs(models.TextChoices):
        FULL_NAME = "full_name", pgettext_lazy("story", "Full name")
        INITIALS = "initials", _("Initials")
        ANONYMOUS = "anonymous", _("No name")

    application = models.OneToOneField(
        Application, models.CASCADE, related_name="story", editable=False
    )
    language = models.CharField(
        _("written in"), max_length=10, choices=settings.LANGUAGES, editable=False
    )
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), max_length=6000)
    shown_as = models.CharField(
        _("name shown"), max_length=10, choices=ShownAs, default=ShownAs.ANONYMOUS, editable=False
    )
    agreed = models.BooleanField(_("agrees to publication"), default=False, editable=False)
    written_at = models.DateTimeField(_("written at"), default=timezone.now, editable=False)

    objects = StoryQuerySet.as_manager()

    class Meta:
        ordering = ["-written_at", "-pk"]
        verbose_name = _("volunteer’s story")
        verbose_name_plural = _("volunteers’ stories")
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed=True) | ~Q(status="published"),
                name="story_published_is_agreed_to",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """On the deployment's page; on the writer's own as long as there is no such page."""
        opening = self.application.opening
        program = opening.program if opening else None
        if program is None:
            return reverse("volunteers:story", args=[self.application.uuid])
        return f"{program.get_absolute_url()}#story-{self.pk}"

    @property
    def is_own_to_edit(self) -> bool:
        """Until it is published for the first time the words are the volunteer's to change."""
        return self.status == Status.DRAFT

    def publish(self, *, by: User | None) -> bool:
        """As every Publishable; False also where the volunteer does not agree (any more)."""
        with transaction.atomic():
            current = Story.objects.select_for_update().get(pk=self.pk)
            self.agreed = current.agreed
            return self.agreed and super().publish(by=by)

    def agree(self, *, agreed: bool, by: User | None) -> None:
        """Keep what the volunteer says; who does not agree is off the site at once."""
        with transaction.atomic():
            current = Story.objects.select_for_update().get(pk=self.pk)
            if current.agreed and not agreed:
                # First off the site: the database lets nothing be public without consent.
                current.withdraw(by=by, reason=str(_("The volunteer no longer agrees.")))
                current.refresh_from_db()
            if current.agreed != agreed:
                current.agreed = agreed
                current.save(update_fields=["agreed", "changed_at"])
        self.refresh_from_db()
