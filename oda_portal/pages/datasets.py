"""What of the office’s own pages is published as data."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.opendata.columns import (
    Type,
    changed,
    choice,
    linked,
    page_address,
    stored,
    text,
)
from oda_portal.opendata.registry import Dataset, register
from oda_portal.publishing.changes import public_rows, publishable_models
from oda_portal.publishing.models import PublishableQuerySet, Source

from .models import Faq, Service
from .models.faqs import FaqQuerySet

SERVICES = (
    stored("slug", _("Last part of its address on this site")),
    *linked("strand", _("Strand"), lambda row: row.strand, code="slug", label="title"),
    *text("title", _("Title")),
    *text("summary", _("Summary")),
    page_address(),
    changed(),
)

QUESTIONS = (
    stored("slug", _("Anchor on the page of questions")),
    *choice("topic", pgettext_lazy("column", "Topic"), Faq.Topic),
    *text("question", pgettext_lazy("column", "Question")),
    *text("answer", _("Answer, in HTML")),
    page_address(),
    changed(),
)

SOURCES = (
    stored("key", _("Key of the source")),
    stored("what", pgettext_lazy("column", "What it is")),
    stored("source_url", _("Its address"), Type.ADDRESS, field="url"),
    stored("language", _("Language that it is written in"), nullable=True),
    stored("published", _("When it was published, as far as known"), nullable=True),
)


def services() -> PublishableQuerySet:
    return Service.objects.published().select_related("strand")


def questions() -> FaqQuerySet:
    return Faq.objects.published().by_topic()


def sources() -> QuerySet[Source]:
    """Sources of what is public; one that only a draft has would tell of the draft."""
    shown = Q()
    for model in publishable_models():
        if hasattr(model, "sources"):
            links = model.sources.through.objects
            owner = model._meta.model_name
            published = public_rows(model)
            shown |= Q(pk__in=links.filter(**{f"{owner}__in": published}).values("source"))
    return Source.objects.filter(shown).exclude(url="")


def register_all() -> None:
    register(
        Dataset(
            name="services",
            title=_("What we do"),
            about=_("The strands and services through which the city shares what it knows."),
            columns=SERVICES,
            rows=services,
            key="slug",
            page="pages:service_list",
        )
    )
    register(
        Dataset(
            name="questions",
            title=_("Frequently asked questions"),
            about=_("What people often ask about the office and this site, with the answers."),
            columns=QUESTIONS,
            rows=questions,
            key="slug",
            page="pages:faq_list",
        )
    )
    register(
        Dataset(
            name="sources",
            title=_("Sources"),
            about=_("Where the facts on this site come from. The descriptions are in English."),
            columns=SOURCES,
            rows=sources,
            key="key",
            page="pages:source_list",
            changed="",
        )
    )
