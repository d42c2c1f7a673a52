"""Setting reviews up and reading what came of them, in the back office."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from oda_portal.audit.models import Transition
from oda_portal.reviews import actions
from oda_portal.reviews.admin.links import key_of
from oda_portal.reviews.models import Criterion, Review, Rubric
from tests.admin.forms import filled
from tests.factories import CallFactory, ChoiceFactory, OpeningFactory, RubricFactory
from tests.forums.papers import a_closed_call
from tests.reviews.rounds import a_stage, assigned, marks, reviewed, subjects
from tests.volunteers.rounds import applicant
from tests.volunteers.staff import looks, said, signed_in_as
from volunteers.models import Application, Volunteer

pytestmark = pytest.mark.django_db

LANGUAGES = ("ko", "en", "zh-hans")


def address(name: str, rubric: Rubric | None = None) -> str:
    return reverse(f"admin:reviews_rubric_{name}", args=[rubric.pk] if rubric else [])


# --- setting up ---------------------------------------------------------------------------------


def new_guide(page: Any, **changes: Any) -> dict[str, Any]:
    values = filled(
        page,
        stage="documents",
        opens_at_0="2026-12-01", opens_at_1="09:00", closes_at_0="2026-12-20", closes_at_1="18:00",
    )  # fmt: skip
    rows = {
        "criteria-TOTAL_FORMS": "2",
        **{f"criteria-{n}-id": "" for n in range(2)},
        **{f"criteria-{n}-name_ko": f"기준 {n}" for n in range(2)},
        "criteria-0-weight": "60", "criteria-1-weight": "40",
        **{f"criteria-{n}-position": str(n) for n in range(2)},
    }  # fmt: skip
    return {**values, **rows, **changes}


def test_a_guide_is_set_up_from_the_page_of_its_call_once_for_each_stage(client: Client):
    call = CallFactory()
    signed_in_as(client, "volunteer_coordinator")
    acts = client.get(reverse("admin:volunteers_call_change", args=[call.pk])).context["acts"]
    (url,) = [act.url for act in acts if "reviews/rubric/add" in act.url]
    page = client.get(url)
    assert page.context["adminform"].form.initial["of_round"] == f"volunteers.call:{call.pk}"

    client.post(url, new_guide(page))

    rubric = Rubric.objects.get()
    assert (rubric.round, rubric.stage, rubric.is_blind) == (call, "documents", True)
    assert [(one.name_ko, one.weight) for one in rubric.criteria.all()] == [
        ("기준 0", 60), ("기준 1", 40),
    ]  # fmt: skip
    again = client.post(url, new_guide(client.get(url)))
    assert "stage" in again.context["adminform"].form.errors
    assert Rubric.objects.count() == 1
    shown = client.get(address("change", rubric)).content.decode()
    assert "60.0%" in shown
    acts = client.get(reverse("admin:volunteers_call_change", args=[call.pk])).context["acts"]
    assert [act.url for act in acts if "ranking" in act.url] == [address("ranking", rubric)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"reviewers_wanted": "1"},
        {"closes_at_0": "2026-11-01"},
        {"divergence": "0"},
        {"divergence": "5.5"},
        {"criteria-0-weight": "0"},
        {"of_round": "volunteers.call:999999"},
        {"of_round": "accounts.user:1"},
    ],
)
def test_a_wrong_guide_is_refused(client: Client, wrong: dict[str, str]):
    CallFactory()
    signed_in_as(client, "volunteer_coordinator")
    page = client.get(address("add"))
    key = re.search(r"volunteers\.call:\d+", page.content.decode())
    assert key

    response = client.post(address("add"), new_guide(page, **{"of_round": key[0], **wrong}))

    assert response.status_code == 200
    assert not Rubric.objects.exists()


def test_once_somebody_scored_criteria_and_weights_stay_and_words_may_change(client: Client):
    rubric = a_stage(1, weights=(1, 2))
    first, second = rubric.criteria.all()
    signed_in_as(client, "volunteer_coordinator")
    page = client.get(address("change", rubric))
    review = assigned(rubric)
    actions.save_scores(review, marks(rubric, 3, None), by=review.reviewer)

    for change in (
        {"criteria-0-weight": "9"},
        {"criteria-0-DELETE": "on"},
        {"criteria-TOTAL_FORMS": "3", "criteria-2-name_ko": "새 기준", "criteria-2-weight": "1"},
    ):
        response = client.post(address("change", rubric), {**filled(page), **change})
        assert response.status_code == 200
        assert list(rubric.criteria.values_list("pk", "weight")) == [(first.pk, 1), (second.pk, 2)]
    client.post(address("change", rubric), {**filled(page), "criteria-0-name_ko": "고친 이름"})

    assert Criterion.objects.get(pk=first.pk).name_ko == "고친 이름"


def test_a_guide_with_reviews_is_not_deleted_and_nobody_is_named(client: Client):
    rubric = a_stage(1)
    review = assigned(rubric)
    signed_in_as(client, "volunteer_coordinator")

    page = client.get(address("delete", rubric))
    client.post(address("delete", rubric), {"post": "yes"})

    assert Rubric.objects.filter(pk=rubric.pk).exists()
    assert str(review.reviewer) not in page.content.decode()


# --- whose guides they are ----------------------------------------------------------------------

OF_CALLS, OF_FORUMS = {"call"}, {"forum"}
WHO_SEES = [
    ("volunteer_coordinator", OF_CALLS),
    ("reviewer", OF_CALLS),
    ("forum_manager", OF_FORUMS),
    ("editor", OF_CALLS | OF_FORUMS),
    ("translator_en", OF_CALLS | OF_FORUMS),
    ("privacy_officer", OF_CALLS | OF_FORUMS),
]


def one_of_each() -> dict[str, Rubric]:
    return {
        "call": RubricFactory(round=CallFactory()),
        "forum": RubricFactory(round=a_closed_call()),
    }


@pytest.mark.parametrize(("role", "kinds"), WHO_SEES, ids=[role for role, _kinds in WHO_SEES])
def test_guides_are_seen_by_who_has_to_do_with_the_round(
    client: Client, role: str, kinds: set[str]
):
    guides = one_of_each()
    signed_in_as(client, role)

    listed = client.get(address("changelist"))

    assert {row.pk for row in listed.context["cl"].queryset} == {guides[kind].pk for kind in kinds}
    for kind, rubric in guides.items():
        status = client.get(address("change", rubric)).status_code
        assert status == (200 if kind in kinds else 302), kind
        history = client.get(address("history", rubric)).status_code
        assert history == (200 if kind in kinds else 404), kind


@pytest.mark.parametrize(
    ("role", "other"), [("volunteer_coordinator", "forum"), ("forum_manager", "call")]
)
def test_guide_of_another_kind_of_round_is_neither_changed_nor_deleted_nor_written(
    client: Client, role: str, other: str
):
    rubric = one_of_each()[other]
    free = a_closed_call() if other == "forum" else CallFactory()
    signed_in_as(client, role)
    page = client.get(f"{address('add')}?of_round={key_of(free)}")

    client.post(address("change", rubric), {"guide_ko": "다른 사람의 안내"})
    client.post(address("delete", rubric), {"post": "yes"})
    chosen = {"action": "delete_selected", "_selected_action": [rubric.pk], "post": "yes"}
    client.post(address("changelist"), chosen)
    refused = client.post(address("add"), new_guide(page, of_round=key_of(free)))

    assert key_of(free) not in page.content.decode()
    assert "of_round" in refused.context["adminform"].form.errors
    assert Rubric.objects.count() == 2
    assert Rubric.objects.get(pk=rubric.pk).guide_ko == rubric.guide_ko


@pytest.mark.parametrize(
    ("role", "other"), [("volunteer_coordinator", "forum"), ("forum_manager", "call")]
)
def test_reviews_are_not_filtered_by_guides_of_another_kind_of_round(
    client: Client, role: str, other: str
):
    guides = one_of_each()
    signed_in_as(client, role)

    listed = client.get(reverse("admin:reviews_review_changelist"))

    offered = {key for key, _label in listed.context["cl"].filter_specs[0].lookup_choices}
    assert offered == {str(row.pk) for kind, row in guides.items() if kind != other}


# --- the ranking --------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_ranking_shows_means_basis_flags_and_strips(client: Client, language: str):
    rubric = a_stage(3)
    best, divided, nobody = subjects(rubric)
    for scores in ((5, 5, 4), (5, 4, 5)):
        reviewed(rubric, best, *scores)
    for scores in ((5, 5, 5), (0, 0, 0)):
        reviewed(rubric, divided, *scores)
    signed_in_as(client, "volunteer_coordinator")
    with translation.override(language):
        url = address("ranking", rubric)
        basis = translation.gettext(
            "mean of %(counted)s of %(expected)s reviews; weights %(weights)s"
        )

    page = client.get(url)

    lines = page.context["lines"]
    assert [(line["row"].subject, line["row"].rank, line["mean"]) for line in lines] == [
        (best, 1, "4.70"), (divided, 2, "2.50"), (nobody, None, ""),
    ]  # fmt: skip
    assert [line["row"].is_divergent for line in lines] == [False, True, False]
    assert [line["row"].is_incomplete for line in lines] == [False, False, True]
    shown = page.content.decode()
    assert basis % {"counted": 2, "expected": 2, "weights": "40/30/30"} in shown
    assert shown.count('<svg class="score-strip"') == 2
    assert "<title>5.00, 0.00</title>" in shown
    assert "style=" not in shown.split('<table class="ranking">')[1].split("</table>")[0]
    assert len(looks("list")[-1][1]) == 9
    assert set(Application.objects.values_list("state", flat=True)) == {"screening"}


def test_the_ranking_is_narrowed_to_an_opening_and_ranks_among_those(client: Client):
    rubric = a_stage(2)
    first, second = subjects(rubric)
    other = OpeningFactory(call=rubric.round)
    ChoiceFactory(application=second, opening=other, rank=2)
    for subject, score in ((first, 5), (second, 3)):
        reviewed(rubric, subject, score, score, score)
    signed_in_as(client, "volunteer_coordinator")

    page = client.get(address("ranking", rubric) + f"?group={other.pk}")

    assert [(line["row"].subject, line["row"].rank) for line in page.context["lines"]] == [
        (second, 1)
    ]
    for wrong in ("999999", "x", str(OpeningFactory().pk)):
        assert client.get(address("ranking", rubric) + f"?group={wrong}").status_code == 404


@pytest.mark.thorough
def test_the_ranking_asks_as_much_for_many_as_for_one(client: Client):
    rubric = a_stage(1)
    signed_in_as(client, "volunteer_coordinator")

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address("ranking", rubric)).status_code == 200
        return len([one for one in queries if 'cache"' not in one["sql"]])

    count()
    few = count()
    for _number in range(12):
        reviewed(rubric, applicant(rubric.round.openings.get(), state="screening"), 1, 2, 3)

    assert count() <= few + 2


def test_the_export_needs_a_reason_and_defuses_what_people_typed(client: Client):
    rubric = a_stage(1)
    (subject,) = subjects(rubric)
    Volunteer.objects.update(name="=HYPERLINK(1)")
    reviewed(rubric, subject, 5, 4, 4)
    signed_in_as(client, "volunteer_coordinator")
    url = address("export", rubric)
    assert client.get(url).status_code == 200
    refused = client.post(url, {"reason": " "})
    assert refused.context["form"].errors
    assert looks("export") == []

    response = client.post(url, {"reason": "심사위원회"})

    text = b"".join(response.streaming_content).decode()
    assert "'=HYPERLINK(1)" in text
    assert "4.40" in text
    assert "22/5" in text
    assert "no-store" in response["Cache-Control"]
    ((what, whose),) = looks("export")
    assert what == "reviews.rubric ranking"
    assert whose[0] == f"volunteers.application {subject.pk}"


@pytest.mark.parametrize(
    ("role", "seen", "exported"),
    [
        ("volunteer_coordinator", 200, 200), ("privacy_officer", 200, 403),
        ("reviewer", 403, 403), ("editor", 403, 403), ("network_manager", 404, 404),
    ],
)  # fmt: skip
def test_who_may_see_the_ranking_and_take_it_out(
    client: Client, role: str, seen: int, exported: int
):
    rubric = a_stage(1)
    signed_in_as(client, role)

    assert client.get(address("ranking", rubric)).status_code == seen
    assert client.get(address("export", rubric)).status_code == exported


# --- taking back --------------------------------------------------------------------------------


def test_what_somebody_has_not_submitted_is_taken_back_after_asking(client: Client):
    rubric = a_stage(2)
    first, second = subjects(rubric)
    waiting = assigned(rubric, subject=first)
    actions.save_scores(waiting, marks(rubric, 1, 1, None), by=waiting.reviewer)
    done = reviewed(rubric, second, 1, 2, 3)
    boss = signed_in_as(client, "volunteer_coordinator")
    url = reverse("admin:reviews_review_changelist")
    chosen = {"action": "take_back_selected", "_selected_action": [waiting.pk, done.pk]}

    page = client.post(url, chosen)

    assert [row for row, _state in page.context["rows"]] == [waiting]
    assert Review.objects.count() == 2
    client.post(url, {**chosen, "sure": "yes"})
    client.post(url, {**chosen, "sure": "yes"})
    assert list(Review.objects.all()) == [done]
    moves = Transition.objects.filter(object_id=waiting.pk, from_state="assigned", to_state="")
    assert [move.by for move in moves] == [boss]
    signed_in_as(client, "privacy_officer")
    other = assigned(rubric)
    client.post(url, {**chosen, "_selected_action": [other.pk], "sure": "yes"})
    assert Review.objects.filter(pk=other.pk).exists()


# --- reviews ------------------------------------------------------------------------------------


def test_reviews_are_read_with_their_scores_and_recorded(client: Client):
    rubric = a_stage(1)
    (subject,) = subjects(rubric)
    review = reviewed(rubric, subject, 5, 4, 4)
    Review.objects.update(comment="차분하다")
    signed_in_as(client, "volunteer_coordinator")
    url = reverse("admin:reviews_review_change", args=[review.pk])

    page = client.get(url).content.decode()

    assert "차분하다" in page
    assert "4.40" in page
    assert str(rubric.criteria.first()) in page
    ((what, whose),) = looks("detail")
    assert what == "reviews.review"
    assert whose[0] == f"reviews.review {review.pk}"
    assert client.post(url, {"comment": "x"}).status_code == 403
    listed = client.get(reverse("admin:reviews_review_changelist") + f"?rubric={rubric.pk}")
    assert list(listed.context["cl"].queryset) == [review]
    assert not said(listed)
