"""The mail that tells reviewers what was assigned to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy

from oda_portal.mail import kinds, outbox
from oda_portal.publishing.times import korea_day

from .models import Review, Rubric

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

KIND = "review_assigned"


def register() -> None:
    """Make the mail of this app known to the outbox."""
    kinds.register(
        kinds.Kind(
            name=KIND,
            label=gettext_lazy("Reviews assigned"),
            group=gettext_lazy("Reviews"),
            placeholders={
                "round": gettext_lazy("what is reviewed, and the stage"),
                "count": gettext_lazy("how many"),
                "date": gettext_lazy("the day"),
            },
            sample={
                "round": gettext_lazy("Busan Global Friends: call for volunteers · Documents"),
                "count": "24",
                "date": "2026. 12. 4.",
            },
        )
    )


def news_of(rubric: Rubric, count: int, language: str) -> dict[str, str]:
    """What the mail tells somebody who gets so many, in their language."""
    with translation.override(language):
        return {"round": str(rubric), "count": str(count), "date": korea_day(rubric.closes_at)}


def review_assigned(reviewer: User, reviews: list[Review]) -> bool:
    """To whom these were assigned, all of one batch: once."""
    first = reviews[0]
    rubric = first.rubric
    message = outbox.post(
        KIND,
        to=reviewer.email,
        name=reviewer.name,
        language=reviewer.preferred_language,
        context=news_of(rubric, len(reviews), reviewer.preferred_language),
        user=reviewer,
        about=rubric,
        once=f"{KIND}:{first.uuid}",
        path=reverse("reviews:review_list"),
    )
    return message is not None
