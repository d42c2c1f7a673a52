"""Resident registration numbers are found wherever they stand, and nothing else is."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from oda_portal.privacy.admin.holds import HoldForm
from oda_portal.privacy.admin.retention import PeriodForm
from oda_portal.privacy.exports import ExportForm
from oda_portal.privacy.numbers import RefuseResidentNumbers, holds_resident_number
from oda_portal.publishing.forms import ReasonForm
from volunteers.admin.readiness_forms import ExportRosterForm

CENTURIES = {1900: "1256", 2000: "3478"}
ODD_FIGURES = ["0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"]


@st.composite
def numbers(draw) -> str:
    """Any that was ever given out, written in any of the ways people write it."""
    born = draw(st.dates(min_value=date(1900, 1, 1), max_value=date(2026, 11, 1)))
    century = draw(st.sampled_from(CENTURIES[born.year // 100 * 100]))
    tail = draw(st.text("0123456789", min_size=6, max_size=6))
    dash = draw(
        st.sampled_from(["", "-", " ", " - ", "–", "－", ".", "·", "ㅡ", "\u200b", "\u00ad-"])
    )
    dot = draw(st.sampled_from(["", ".", " ", "\u200d", "/"]))
    written = f"{born:%y}{dot}{born:%m}{dot}{born:%d}{dash}{century}{tail}"
    return written.translate(
        dict(zip(map(ord, ODD_FIGURES[0]), draw(st.sampled_from(ODD_FIGURES)), strict=True))
    )


@given(numbers(), st.text(), st.text())
def test_every_number_is_found_in_the_middle_of_any_text(number, before, after):
    assert holds_resident_number(f"{before}가{number}나{after}")


@given(st.text())
def test_no_text_breaks_the_search(text):
    assert holds_resident_number(text) in (True, False)


@pytest.mark.parametrize(
    "text",
    [
        "제 번호는 900101-1234567입니다.",
        "외국인등록번호 850315-5123456",
        "050505-7123456",
        "9001011234567",
        "９００１０１－１２３４５６７",
        "900101\u200b-\u200b1234567",
        "90.01.01 - 1234567",
        "990230-1234567 900101-1234567",
        "12900101-1234567, 000229-3123456",
    ],
)
def test_these_are_refused(text):
    assert holds_resident_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "+82 10 1234 5678",
        "010-1234-5678",
        "+86 138 0013 8000 / 051-123-4567",
        "2026-11-20 18:00",
        "2026. 11. 20. 1234567",
        "990230-1234567",
        "900101-9234567",
        "900101-1******",
        "990101-3234567",  # would be born in 2099
        "9789970128863",
        "978-89-7012-886-3",
        "9001011234567890",
        "1234-5678-9012-3456",
        "KR-XC91-7T2M-04QF",
        "900101",
        "",
    ],
)
def test_these_are_not(text):
    assert not holds_resident_number(text)


class Form(RefuseResidentNumbers, forms.Form):
    name = forms.CharField()
    number = forms.IntegerField(required=False)
    many = forms.MultipleChoiceField(required=False, choices=[("900101-1234567", "x")])
    note = forms.CharField(required=False)


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "홍 900101-1234567"), ("number", "9001011234567"), ("many", ["900101-1234567"])],
)
def test_a_form_refuses_it_beside_the_field_and_keeps_nothing(field, value):
    form = Form({"name": "홍길동", field: value})

    assert not form.is_valid()
    assert list(form.errors) == [field]
    assert form.errors.as_data()[field][0].code == "resident_number"
    assert field not in form.cleaned_data


@pytest.mark.parametrize(
    "form_class", [ExportForm, ExportRosterForm, HoldForm, PeriodForm, ReasonForm]
)
def test_no_reason_of_staff_holds_one(form_class):
    """Reasons are never changed: what stands in one would stay for years."""
    form = form_class({"reason": "홍 900101-1234567"})

    assert [error.code for error in form.errors.as_data()["reason"]] == ["resident_number"]


def test_a_form_without_one_is_as_it_was():
    form = Form({"name": "홍길동", "note": "1990. 1. 1."})

    assert form.is_valid()
    assert form.cleaned_data["note"] == "1990. 1. 1."
