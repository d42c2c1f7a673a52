"""What reviewers of applications are shown, and which applications are in which stage."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oda_portal.publishing.texts import text_in
from oda_portal.reviews import registry
from oda_portal.reviews.blinding import Identity
from oda_portal.reviews.models import Stage
from oda_portal.reviews.registry import Entry, Group, PrivateFile, ReviewKind, Section

from . import persons
from .models import Answer, Application, ApplicationFile, Call, Choice, State

IN_STAGE = {
    Stage.DOCUMENTS: (State.SUBMITTED, State.SCREENING),
    Stage.INTERVIEW: (State.INTERVIEW,),
}


def register() -> None:
    registry.register(
        ReviewKind(
            key="volunteers.application",
            label=gettext_lazy("Applications of volunteers"),
            model=Application,
            round_model=Call,
            rounds=Call.objects.all,
            subjects=_in_stage,
            whole=_whole,
            code=str,
            name=lambda application: str(application.volunteer),
            material=material,
            identity=_identity,
            people=_people,
            accounts=persons.accounts_of,
            url=_url,
            files=_files,
            groups=_openings,
            in_group=_choosing,
        )
    )


def _in_stage(call: Call, stage: str) -> QuerySet[Application]:
    return Application.objects.filter(call=call, state__in=IN_STAGE[Stage(stage)])


def _whole(rows: QuerySet[Application]) -> QuerySet[Application]:
    choices = Choice.objects.select_related("opening__city")
    files = ApplicationFile.objects.select_related("document")
    return rows.select_related("volunteer__user").prefetch_related(
        Prefetch("choices", choices), Prefetch("files", files)
    )


# --- what is shown ------------------------------------------------------------------------------


def material(application: Application, *, blind: bool) -> list[Section]:
    """Where it is not blind, who it is comes first."""
    written = [
        Entry(_("Languages"), application.languages),
        Entry(_("Skills and licences"), application.skills),
        Entry(_("Volunteering and work so far"), application.experience),
        Entry(_("Why you want to volunteer"), application.motivation),
    ]
    answers = Answer.objects.filter(application=application).select_related("question")
    sections = [
        Section(_("Choices"), [Entry("", "\n".join(_choices(application)))]),
        Section(_("What the applicant wrote"), written),
    ]
    asked = [Entry(text_in(one.question, "text").text, one.text) for one in answers]
    if asked:
        sections.append(Section(_("Questions of this call"), asked))
    return sections if blind else [_person(application), *sections]


def _choices(application: Application) -> list[str]:
    return [f"{row.rank}. {row.opening}" for row in application.choices.all()]


def _person(application: Application) -> Section:
    person = application.volunteer
    rows = [
        (_("Full name"), person.name),
        (_("Name in Roman letters"), person.name_roman),
        (_("School or workplace"), person.affiliation),
    ]
    return Section(_("Person"), [Entry(label, text) for label, text in rows if text])


def _files(application: Application) -> list[PrivateFile]:
    return [
        PrivateFile(row.uuid, text_in(row.document, "name").text, row.name, row.file)
        for row in application.files.all()
    ]


# --- whose it is --------------------------------------------------------------------------------


def _identity(application: Application) -> Identity:
    person = application.volunteer
    account = person.user
    return Identity(
        names=(
            person.name, person.name_roman, person.name_hangul, application.guardian_name,
            account.name if account else "",
        ),
        emails=(person.email, account.email if account else ""),
        telephones=(person.mobile, application.guardian_mobile),
        affiliations=(person.affiliation,),
        files=tuple(file.name for file in application.files.all()),
    )  # fmt: skip


def _people(application: Application) -> list[Any]:
    return [application, application.volunteer, application.volunteer.user]


def _url(application: Application) -> str:
    return reverse("admin:volunteers_application_change", args=[application.pk])


# --- parts of a call ----------------------------------------------------------------------------


def _openings(call: Call) -> list[Group]:
    rows = call.openings.select_related("city")
    return [Group(str(opening.pk), str(opening)) for opening in rows]


def _choosing(call: Call, value: str) -> QuerySet[Application]:
    """Who chose this opening, whichever choice it was."""
    return Application.objects.filter(call=call, choices__opening_id=int(value)).distinct()
