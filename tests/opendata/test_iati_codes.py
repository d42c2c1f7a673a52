"""Code lists and the project's own labels."""

from __future__ import annotations

import pytest
from django.utils import translation

from oda_portal.opendata.iati import codes
from oda_portal.opendata.iati.standard import code_lists, mapping


def said(language: str, list_name: str, code: str) -> str:
    with translation.override(language):
        return codes.label(list_name, code)


def test_labels_come_in_three_languages():
    assert said("en", "AidType", "E01") == "Scholarships/training in donor country"
    assert said("ko", "AidType", "E01") == "공여국 내 장학·연수"
    assert said("zh-hans", "AidType", "E01") == "在援助国的奖学金与研修"


def test_unlabelled_code_has_its_english_name_and_unknown_one_itself():
    assert said("ko", "Sector", "11321") == said("en", "Sector", "11321") != "11321"
    assert said("ko", "Sector", "00000") == "00000"
    with pytest.raises(KeyError):
        codes.label("NoSuchList", "1")


def test_choices_leave_withdrawn_codes_out():
    offered = dict(codes.choices("FlowType"))

    assert "10" in offered
    assert "20" not in offered
    assert codes.is_withdrawn("FlowType", "20")
    assert codes.is_known("FlowType", "20")


def test_every_label_is_of_a_code_that_exists_and_says_something():
    count = 0
    for list_name, entries in codes.labelled().items():
        for code, labels in entries.items():
            assert codes.is_known(list_name, code), f"{list_name} {code}"
            assert set(labels) == {"ko", "zh-hans"}
            assert all(label.strip() == label and label for label in labels.values())
            count += 1
    assert count >= 120


def test_labels_of_a_list_are_told_apart():
    """Two codes with one name could not be chosen between."""
    for list_name, entries in codes.labelled().items():
        for language in ("ko", "zh-hans"):
            labels = [labels[language] for labels in entries.values()]
            assert len(labels) == len(set(labels)), f"{list_name} {language}"


def test_small_lists_are_labelled_whole():
    """Those whose codes pages show in full."""
    for list_name in ("ActivityStatus", "OrganisationRole", "AidType", "DocumentCategory",
                      "TransactionType", "TiedStatus", "UNSDG-Goals", "Region"):  # fmt: skip
        assert set(codes.labelled()[list_name]) == set(code_lists()[list_name]["codes"])


def test_every_mapped_list_is_there_and_descriptions_are_not():
    for entry in mapping():
        assert entry["list"] in code_lists()
    for content in code_lists().values():
        assert set(content) == {"complete", "codes"}
        assert all(len(names) <= 2 for names in content["codes"].values())
