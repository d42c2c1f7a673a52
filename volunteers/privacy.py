"""The personal data of applicants and volunteers: how long each is kept, and how it goes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.db.models.fields.files import FieldFile
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from oda_portal.privacy.destruction import BY_PERSON, destroy_all, destroy_files, destroy_row
from oda_portal.privacy.registry import Addressee, PersonalData, except_from_rules, register
from oda_portal.reviews.models import Decision
from oda_portal.seats.models import Seat

from . import actions
from .models import Application, State, Volunteer
from .models.states import UNDER_REVIEW
from .places import free_places, lock_places
from .readiness.privacy import checklist_of
from .service.privacy import forget_survey, given_with, survey_of
from .wording import sentence

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

UNSENT, WITHDRAWN = actions.UNSENT, "volunteers.withdrawn"
NOT_SELECTED, SERVED = "volunteers.not_selected", "volunteers.served"
PERSON = "volunteers.person"

YEAR = 365


def register_all() -> None:
    _register(UNSENT, _("Applications never submitted"), 30, _unsent, notice_days=7, exports=True)
    # Over by the morning of the thirtieth day, which the mail about withdrawing names.
    _register(WITHDRAWN, _("Withdrawn applications"), 29, _withdrawn)
    _register(
        NOT_SELECTED, _("Applications that did not lead to a place"), 183, _without_a_place,
        notice_days=30,
    )  # fmt: skip
    _register(SERVED, _("Applications of people who served"), 5 * YEAR, _served, notice_days=30)
    register(
        PersonalData(
            key=PERSON,
            label=_("What you told us about yourself as a volunteer"),
            model=Volunteer,
            born="created_at",
            purpose=_("Knowing who applies (kept only as long as there is an application)"),
            days=30,
            due=lambda before: Volunteer.objects.filter(applications=None, created_at__lt=before),
            destroy=destroy_row,
            of=lambda user: Volunteer.objects.filter(user=user) | actions.begun_by_mail(user),
            person="pk",
            export=_person,
            close=_close_person,
            position=40,
        )
    )
    for model in ("answer", "applicationfile", "choice", "staffquestion"):
        except_from_rules(f"volunteers.{model}", "goes with the application")


def _register(
    key: str, label: Any, days: int, due: Any, *, notice_days: int = 0, exports: bool = False
) -> None:
    """One period of applications; one of the four gives them all out and closes them."""
    whole: dict[str, Any] = {}
    if exports:
        whole = {
            "given_as": "volunteers.applications",
            "export": _applications,
            "files": _files,
            "close": _close,
            "obstacle": _obstacle,
        }
    register(
        PersonalData(
            key=key,
            label=label,
            model=Application,
            born="begun_at",
            purpose=_("Selecting, preparing and deploying volunteers"),
            days=days,
            notice_days=notice_days,
            due=due,
            destroy=_destroy,
            of=_known_of,
            along=_along,
            person="volunteer",
            lock=lock_places,
            addressee=_applicant if notice_days else None,
            position=30,
            **whole,
        )
    )


# --- when each is due ---------------------------------------------------------------------------


def _unsent(before: datetime) -> models.QuerySet[Application]:
    return Application.objects.drafts().filter(call__closes_at__lt=before)


def _withdrawn(before: datetime) -> models.QuerySet[Application]:
    return Application.objects.filter(state=State.WITHDRAWN, state_at__lt=before)


def _without_a_place(before: datetime) -> models.QuerySet[Application]:
    """Told no, said no, or never decided: from the day of the results.

    In reserve: from the departure without them.
    """
    over = (State.NOT_SELECTED, State.DECLINED, *UNDER_REVIEW)
    rows = Application.objects.annotate(ended=Coalesce("call__released_at", "call__closes_at"))
    left = Q(opening__departs_on__lt=timezone.localdate(before)) | Q(opening=None, ended__lt=before)
    return rows.filter(Q(state__in=over, ended__lt=before) | Q(left, state=State.RESERVE))


def _served(before: datetime) -> models.QuerySet[Application]:
    """From the return of the deployment; where none is known, from the end of the call."""
    rows = Application.objects.filter(
        state__in=(State.SELECTED, State.CONFIRMED, State.DEPLOYED, State.COMPLETED)
    )
    return rows.filter(
        Q(opening__returns_on__lt=timezone.localdate(before))
        | Q(opening=None, call__closes_at__lt=before)
    )


# --- how it goes --------------------------------------------------------------------------------


def _along(application: Application) -> list[models.Model]:
    """The person, who goes with the last application, and the survey, which forgets whose it is."""
    return [application.volunteer, *survey_of(application)]


def _destroy(application: Application, *, rule: str = "") -> None:
    """The files, the seats and decisions without a name behind them, the row with all its own."""
    for file in application.files.all():
        destroy_files(file)
    kind = ContentType.objects.get_for_model(Application)
    if application.state not in (State.CONFIRMED, State.DEPLOYED, State.COMPLETED):
        free_places(application)
    for model in (Seat, Decision):
        model._base_manager.filter(content_type=kind, object_id=application.pk).delete()
    forget_survey(application, rule=rule)
    volunteer = application.volunteer
    application.delete()
    if not volunteer.applications.exists():
        volunteer.delete()


def _applicant(application: Application) -> Addressee:
    volunteer = application.volunteer
    email = volunteer.user.email if volunteer.user else volunteer.email
    return Addressee(email, application.language, volunteer.name, volunteer.user)


def _known_of(user: User) -> models.QuerySet[Application]:
    """With what was begun by mail, and without taking it over: for asking."""
    begun = Q(volunteer__in=actions.begun_by_mail(user))
    return Application.objects.filter(Q(volunteer__user=user) | begun)


def _own(user: User) -> models.QuerySet[Application]:
    """With what was begun by mail, whether they have looked at it since they signed up or not."""
    actions.adopt_drafts(user)
    return Application.objects.visible_to(user)


def _close(user: User) -> None:
    """Step back from what still runs, so that others get the place; then all of it goes."""
    for application in _own(user):
        actions.withdraw(application, by=user)
    destroy_all(UNSENT, Application.objects.visible_to(user), rule=BY_PERSON)


def _own_person(user: User) -> models.QuerySet[Volunteer]:
    actions.adopt_drafts(user)
    return Volunteer.objects.filter(user=user)


def _close_person(user: User) -> None:
    destroy_all(PERSON, _own_person(user), rule=BY_PERSON)


def _obstacle(user: User) -> str:
    if Application.objects.visible_to(user).filter(state=State.DEPLOYED).exists():
        return gettext("You are on deployment. You can close your account after you return.")
    return ""


# --- what a person gets -------------------------------------------------------------------------


def _person(user: User) -> list[dict[str, Any]]:
    columns = (
        "email", "name", "name_roman", "born_on", "name_hangul", "mobile", "residence",
        "affiliation", "created_at",
    )  # fmt: skip
    return list(_own_person(user).values(*columns))


def _applications(user: User) -> list[dict[str, Any]]:
    rows = _own(user).select_related("call").order_by("pk")
    return [_application(row) for row in rows]


def _application(row: Application) -> dict[str, Any]:
    """As its applicant knows it: the state in public words alone."""
    return {
        "call": row.call.slug,
        "receipt": row.receipt,
        "stands": sentence(row),
        "begun_at": row.begun_at,
        "sent_at": row.sent_at,
        "written": row.written,
        "with_the_office": _submitted(row) if row.is_sent else None,
        "questions": list(row.questions.values("text", "asked_at", "answer", "answered_at")),
        "files": list(row.files.values("name", "size", "uploaded_at")),
        "checklist": checklist_of(row),
        **given_with(row),
    }


def _submitted(row: Application) -> dict[str, Any]:
    """What the office holds, which may be older than what is written."""
    columns = (
        "languages",
        "skills",
        "experience",
        "motivation",
        "guardian_name",
        "guardian_mobile",
    )
    return {
        **{name: getattr(row, name) for name in columns},
        "choices": [str(choice.opening) for choice in row.choices.select_related("opening__city")],
        "answers": list(row.answers.values("question__text", "text")),
    }


def _files(user: User) -> Iterable[tuple[str, FieldFile]]:
    for row in _own(user):
        for file in row.files.all():
            yield f"{row.call.slug}/{file.name}", file.file
