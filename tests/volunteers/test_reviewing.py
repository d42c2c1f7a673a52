"""What reviewers are shown of applications, and which are in which stage."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from oda_portal.reviews.registry import kind_of
from tests.factories import ChoiceFactory, OpeningFactory, QuestionFactory
from tests.volunteers.rounds import applicant, opening_in_review
from volunteers.models import Answer, Application, ApplicationFile, RequiredDocument, State
from volunteers.reviewing import material

pytestmark = pytest.mark.django_db


def filled_in(**fields: str) -> Application:
    application = applicant(opening_in_review(3))
    Application.objects.filter(pk=application.pk).update(
        languages="English", skills="First aid", experience="None", motivation="To learn", **fields
    )
    person = application.volunteer
    person.name, person.name_roman, person.affiliation = "홍길동", "HONG GILDONG", "부산대학교"
    person.save()
    return Application.objects.get(pk=application.pk)


def texts(application: Application, *, blind: bool) -> list[str]:
    sections = material(application, blind=blind)
    return [entry.text for section in sections for entry in section.entries]


@pytest.mark.parametrize("state", State.values)
def test_each_state_is_in_its_stage_and_in_no_other(state: str):
    application = applicant(opening_in_review(3), state=state)
    kind = kind_of(application.call)

    found = {
        stage
        for stage in ("documents", "interview")
        if kind.subjects(application.call, stage).filter(pk=application.pk).exists()
    }

    expected = {"submitted": {"documents"}, "screening": {"documents"}, "interview": {"interview"}}
    assert found == expected.get(state, set())


def test_a_stage_holds_the_applications_of_its_own_call():
    one, other = applicant(opening_in_review(3)), applicant(opening_in_review(3))
    kind = kind_of(one.call)

    assert list(kind.subjects(one.call, "documents")) == [one]
    assert list(kind.subjects(other.call, "documents")) == [other]


def test_the_material_has_choices_what_was_written_and_the_answers():
    application = filled_in()
    question = QuestionFactory(call=application.call)
    Answer.objects.create(application=application, question=question, text="바다가 좋아서")
    second = OpeningFactory(call=application.call)
    ChoiceFactory(application=application, opening=second, rank=2)

    shown = texts(application, blind=True)

    first = application.choices.get(rank=1).opening
    assert shown == [
        f"1. {first}\n2. {second}", "English", "First aid", "None", "To learn", "바다가 좋아서",
    ]  # fmt: skip
    labels = [
        entry.label for section in material(application, blind=True) for entry in section.entries
    ]
    assert labels[-1] == str(question)


def test_the_person_is_named_only_where_it_is_not_blind():
    application = filled_in()

    assert texts(application, blind=False)[:3] == ["홍길동", "HONG GILDONG", "부산대학교"]
    assert "홍길동" not in "".join(texts(application, blind=True))


def test_everything_that_says_who_it_is_is_told_to_the_mask():
    application = filled_in(guardian_name="김보호", guardian_mobile="+82 10 9999 8888")
    person = application.volunteer
    person.mobile = "+82 10 1234 5678"
    person.user.name = "Gil"
    ApplicationFile.objects.create(
        application=application, name="resume_final_2026.pdf", file="x.pdf", size=3,
        document=RequiredDocument.objects.create(call=application.call, name_ko="이력서"),
    )  # fmt: skip

    identity = kind_of(application.call).identity(application)

    assert set(identity.names) == {"홍길동", "HONG GILDONG", "", "김보호", "Gil"}
    assert set(identity.emails) == {person.email, person.user.email}
    assert set(identity.telephones) == {"+82 10 1234 5678", "+82 10 9999 8888"}
    assert set(identity.affiliations) == {"부산대학교"}
    assert set(identity.files) == {"resume_final_2026.pdf"}


def test_files_people_and_the_page_in_the_back_office():
    application = filled_in()
    document = RequiredDocument.objects.create(call=application.call, name_ko="이력서")
    file = ApplicationFile.objects.create(
        application=application, document=document, file="x.pdf", name="내 이력서.pdf", size=3
    )
    kind = kind_of(application.call)

    assert [(one.uuid, one.label, one.name) for one in kind.files(application)] == [
        (file.uuid, "이력서", "내 이력서.pdf")
    ]
    assert kind.people(application) == [
        application, application.volunteer, application.volunteer.user,
    ]  # fmt: skip
    assert kind.url(application) == reverse(
        "admin:volunteers_application_change", args=[application.pk]
    )


def test_groups_are_the_openings_and_hold_whoever_chose_them():
    application = filled_in()
    call = application.call
    second = OpeningFactory(call=call, position=5)
    chose_both = applicant(call.openings.first())
    ChoiceFactory(application=chose_both, opening=second, rank=2)
    kind = kind_of(call)

    assert [group.value for group in kind.groups(call)] == [
        str(row.pk) for row in call.openings.all()
    ]
    assert list(kind.in_group(call, str(second.pk))) == [chose_both]
    assert kind.in_group(call, str(call.openings.first().pk)).count() == 2
    assert application.sent_at < timezone.now()
