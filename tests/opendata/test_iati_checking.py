"""The checker finds what is wrong, and nothing in a clean file; whatever the size."""

from __future__ import annotations

import json
import tracemalloc
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command

from oda_portal.opendata.iati.checking import Finding, check, counted
from oda_portal.opendata.iati.reading import UnreadableError

FOLDER = Path(__file__).parent
EXAMPLE = (FOLDER / "iati_example.xml").read_text(encoding="utf-8")
ORGANISATION = (FOLDER / "iati_organisation.xml").read_bytes()
NOW = datetime(2026, 11, 21, tzinfo=UTC)

# What is changed in the clean example, and the rule that must notice.
MUTATIONS = [
    ("2.1.2", 'code="21010" percentage="60"', 'code="21010" percentage="61"'),
    ("3.1.2", '"LA" percentage="30"', '"LA" percentage="29"'),
    ("3.1.1", '"LA" percentage="30"', '"LA"'),
    ("7.5.3", '<period-end iso-date="2026-12-31"/>', '<period-end iso-date="2027-12-31"/>'),
    ("11.1.4", '"2026-05-11" type="2"', '"2027-05-11" type="2"'),
    ("11.1.2", '<activity-date iso-date="2026-05-29" type="3"/>',
     '<activity-date iso-date="2026-05-01" type="3"/>'),
    ("11.2.1", '<transaction-date iso-date="2026-04-15"/>',
     '<transaction-date iso-date="2027-04-15"/>'),
    ("1.1.2", "VD-2026-003</iati-identifier>", "TP-2026-014</iati-identifier>"),
    ("1.1.21", "<iati-identifier>KR-BRN-617-83-00000-VD",
     "<iati-identifier>KR-BRN-617-83-11111-VD"),
    ("0.3.1", '<activity-status code="3"/>', ""),
    ("6.2.2", '<sector vocabulary="1" code="14031"/>', ""),
    ("3.7.1", '<recipient-country code="VN"/>', ""),
    ("8.9.1", '<target value="60"/>', "<target/>"),
    ("9.x", 'xml:lang="zh"', 'xml:lang="zh-Hans"'),
    ("9.x", 'default-aid-type code="D01"', 'default-aid-type code="D09"'),
    ("W.1", 'default-flow-type code="10"', 'default-flow-type code="20"'),
    ("6.14.1", ' significance="1"', ""),
    ("12.3.1", 'code="21010" percentage="60"', 'code="21010" percentage="Infinity"'),
    ("1.3.1", "<iati-identifier>KR-BRN-617-83-00000-VD",
     "<iati-identifier> KR-BRN-617-83-00000-VD"),
    ("6.10.1", '<participating-org type="10" role="4"><narrative xml:lang="en">Ministry of Public'
     " Works and Transport, Cambodia</narrative></participating-org>",
     '<participating-org type="10" role="4"/>'),
]  # fmt: skip


def rules(text: str) -> set[str]:
    return {finding.rule for finding in check(text.encode(), now=NOW)}


def test_clean_files_have_no_findings():
    assert check(EXAMPLE.encode(), organisation=False, now=NOW) == []
    assert check(ORGANISATION, organisation=True, now=NOW) == []


@pytest.mark.parametrize(("rule", "was", "becomes"), MUTATIONS)
def test_each_mutation_is_noticed(rule: str, was: str, becomes: str):
    assert was in EXAMPLE

    assert rule in rules(EXAMPLE.replace(was, becomes, 1))


@pytest.mark.parametrize(
    ("rule", "default"), [("7.8.1", ' default-currency="KRW"'), ("4.1.1", 'xml:lang="ko" ')]
)
def test_missing_defaults_are_noticed(rule: str, default: str):
    assert rule in rules(EXAMPLE.replace(default, ""))


def test_wrong_order_of_elements_is_noticed_with_activity_and_line():
    scope = '<activity-scope code="3"/>'
    swapped = EXAMPLE.replace(f"{scope}\n", "", 1).replace(
        '<contact-info type="1">', f'{scope}<contact-info type="1">', 1
    )

    [finding] = check(swapped.encode(), now=NOW)

    assert (finding.severity, finding.rule) == ("error", "0.3.1")
    assert finding.identifier == "KR-BRN-617-83-00000-TP-2026-014"
    assert finding.line == 37


def test_errors_stand_before_warnings_and_are_counted():
    wrong = EXAMPLE.replace('xml:lang="zh"', 'xml:lang="zh-Hans"', 1)
    wrong = wrong.replace('<recipient-country code="VN"/>', "")

    found = check(wrong.encode(), now=NOW)

    severities = [str(finding.severity) for finding in found]
    assert severities == sorted(severities)
    errors, warnings = counted(found)
    assert errors >= 1
    assert warnings == 1


def test_values_of_the_file_are_no_paths():
    """Vocabularies of a loop go into the rules as values, whatever stands in them."""
    hostile = EXAMPLE.replace(
        '<sector vocabulary="1" code="12261"/>',
        """<sector vocabulary="'] | //*['" code="1"/>""",
    )
    assert "9.x" in rules(hostile)


@pytest.mark.parametrize(
    ("content", "organisation"), [(EXAMPLE.encode(), True), (ORGANISATION, False)]
)
def test_other_kind_of_file_is_refused(content: bytes, organisation: bool):
    with pytest.raises(UnreadableError):
        check(content, organisation=organisation)


def test_no_more_findings_are_collected_than_asked_for():
    wrong = EXAMPLE.replace("<narrative>", "<narrative> <b/>")

    assert len(check(wrong.encode(), now=NOW, most=3)) == 3


# --- size -------------------------------------------------------------------------------------


def many(number: int) -> bytes:
    head, _sep, rest = EXAMPLE.partition("<iati-activity ")
    one = "<iati-activity " + rest.partition("</iati-activity>")[0] + "</iati-activity>"
    bodies = (
        one.replace("</iati-identifier>", f"-{n}</iati-identifier>", 1) for n in range(number)
    )
    return (head + "".join(bodies) + "</iati-activities>").encode()


def test_parts_do_not_hide_what_stands_in_two_of_them():
    doubled = many(450).replace(b"-14-449<", b"-14-1<").replace(b"014-449<", b"014-1<")

    found = check(doubled, now=NOW)

    assert [finding.rule for finding in found] == ["1.1.2"]
    assert found[0].identifier.endswith("-1")


@pytest.mark.thorough
def test_memory_does_not_grow_with_the_file(tmp_path: Path):
    path = tmp_path / "many.xml"
    path.write_bytes(many(1_000))
    check(EXAMPLE.encode(), now=NOW)  # schema, rules and lists are there from now on

    tracemalloc.start()
    assert check(path, now=NOW) == []
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert most < 5_000_000


# --- the command ------------------------------------------------------------------------------


def run(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("iati_check", *arguments, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_command_says_clean_wrong_and_unreadable_by_its_exit_code(tmp_path: Path):
    clean, warned = tmp_path / "clean.xml", tmp_path / "warned.xml"
    wrong, cut = tmp_path / "wrong.xml", tmp_path / "cut.xml"
    clean.write_text(EXAMPLE, encoding="utf-8")
    warned.write_text(EXAMPLE.replace('"zh"', '"zh-Hans"'), encoding="utf-8")
    wrong.write_text(EXAMPLE.replace('<activity-status code="3"/>', ""), encoding="utf-8")
    cut.write_text(EXAMPLE[:3000], encoding="utf-8")

    with time_machine.travel(NOW):
        assert run(str(clean), "--strict")[0] == 0
        assert run(str(warned))[0] == 0
        assert run(str(warned), "--strict")[0] == 1
        assert run(str(wrong))[0] == 1
        assert run(str(wrong), str(cut))[0] == 2
        assert run(str(tmp_path / "nowhere.xml"))[0] == 2


def test_command_speaks_to_programs(tmp_path: Path):
    path = tmp_path / "wrong.xml"
    path.write_text(EXAMPLE.replace('<activity-status code="3"/>', ""), encoding="utf-8")

    code, text = run("--json", str(path))

    told = json.loads(text)
    assert (code, told["unreadable"], told["file"]) == (1, "", str(path))
    assert told["errors"] >= 1
    assert set(told["findings"][0]) == set(Finding.__dataclass_fields__)
