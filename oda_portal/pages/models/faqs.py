"""What people often ask about the office and the portal, with its answer."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Case, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.publishing.models import Publishable, PublishableQuerySet
from oda_portal.publishing.rich import RichTextField


class FaqQuerySet(PublishableQuerySet):
    def by_topic(self) -> Self:
        """Topics in the order in which `Faq.Topic` names them."""
        places = [When(topic=topic, then=Value(n)) for n, topic in enumerate(Faq.Topic)]
        return self.order_by(Case(*places, default=Value(len(places))), "position", "pk")


class Faq(Publishable):
    """Its slug is the anchor on the page of questions, and stays what it is once published."""

    class Topic(models.TextChoices):
        VOLUNTEERING = "volunteering", pgettext_lazy("questions", "Volunteering and applying")
        TRAINING = "training", pgettext_lazy("questions", "Training")
        PRIVACY = "privacy", pgettext_lazy("questions", "Personal data")
        DATA = "data", pgettext_lazy("questions", "Records and sources")
        SITE = "site", pgettext_lazy("questions", "Using this site")

    slug = models.SlugField(
        pgettext_lazy("questions", "anchor"),
        max_length=60,
        unique=True,
        help_text=_("Comes after # in the address of the FAQ page."),
    )
    topic = models.CharField(_("topic"), max_length=20, choices=Topic)
    question = models.CharField(pgettext_lazy("questions", "question"), max_length=200)
    answer = RichTextField(pgettext_lazy("questions", "answer"))
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = FaqQuerySet.as_manager()

    class Meta:
        ordering = ["topic", "position", "pk"]
        verbose_name = _("question and answer about the portal")
        verbose_name_plural = _("questions and answers about the portal")

    def __str__(self) -> str:
        return self.question

    def get_absolute_url(self) -> str:
        return f"{reverse('pages:faq_list')}#{self.slug}"
