"""Message catalogues: what is extracted, kept, found wrong and compiled."""

from __future__ import annotations

import gettext
import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import gettext as said
from django.utils.translation import override

from oda_portal.catalogues import compile_catalogues, extraction, problems, update
from oda_portal.catalogues.catalogue import path_of

CODE = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy

what = "not constant"
title = _("Programmes")
state = pgettext_lazy("program", "Planned")
people = ngettext("%(n)s person", "%(n)s people", 2) % {"n": 2}
lost = _(what)
long = _(
    "One sentence "
    "in two lines."
)
"""
TEMPLATE = """{% load i18n %}
  {% translate "Search" %} {% translate "Open" context "call" %}
    {% blocktranslate trimmed count n=total %}
      {{ n }} result
  {% plural %}
      {{ n }} results
    {% endblocktranslate %}
<p title="{{ _("Title") }}">it's "free" text</p>
"""
KO = {
    "Programmes": "사업",
    "Planned": "예정",
    "%(n)s people": "%(n)s명",
    "One sentence in two lines.": "두 줄에 쓴 한 문장.",
}
ZH = {
    "Programmes": "项目",
    "Planned": "计划中",
    "%(n)s people": "%(n)s人",
    "One sentence in two lines.": "写成两行的一句话。",
}


@pytest.fixture
def project(tmp_path: Path, settings, monkeypatch) -> Path:  # type: ignore[no-untyped-def]
    """A project of one module; of packages it uses none."""
    settings.BASE_DIR = tmp_path
    monkeypatch.setattr(extraction, "PACKAGES", {})
    (tmp_path / "partners").mkdir()
    (tmp_path / "partners" / "views.py").write_text(CODE, encoding="utf-8")
    return tmp_path


def translate(locale: str, texts: dict[str, str]) -> None:
    """Fill a catalogue that `update` has just brought up to date."""
    path = path_of(locale)
    lines = path.read_text(encoding="utf-8").split("\n")
    for index, line in enumerate(lines):
        for text, translation in texts.items():
            if line in {f'msgid "{text}"', f'msgid_plural "{text}"'}:
                lines[index + 1] = lines[index + 1].replace('""', f'"{translation}"')
    path.write_text("\n".join(lines), encoding="utf-8")


def complete() -> None:
    for locale, texts in {"ko": KO, "zh_Hans": ZH}.items():
        update(locale)
        translate(locale, texts)


def change(locale: str, old: str, new: str) -> None:
    text = path_of(locale).read_text(encoding="utf-8")
    assert old in text
    path_of(locale).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_messages_of_python_are_the_constant_texts(tmp_path):
    path = tmp_path / "views.py"
    path.write_text(CODE, encoding="utf-8")

    found = [
        (message.context, message.text, message.plural) for message in extraction.messages_of(path)
    ]

    assert found == [
        (None, "Programmes", None),
        ("program", "Planned", None),
        (None, "%(n)s person", "%(n)s people"),
        (None, "One sentence in two lines.", None),
    ]


def test_messages_of_a_template_stand_as_django_looks_them_up(tmp_path):
    path = tmp_path / "page.html"
    path.write_text(TEMPLATE, encoding="utf-8")

    found = [
        (message.context, message.text, message.plural) for message in extraction.messages_of(path)
    ]

    assert found == [
        (None, "Search", None),
        ("call", "Open", None),
        (None, "%(n)s result", "%(n)s results"),
        (None, "Title", None),
    ]


def test_update_adds_what_is_missing_without_a_translation(project):
    assert update("ko") == 4

    text = path_of("ko").read_text(encoding="utf-8")
    assert '#: partners/views.py\nmsgctxt "program"\nmsgid "Planned"\nmsgstr ""\n' in text
    assert "Plural-Forms: nplurals=1; plural=0;" in text
    assert "views.py:" not in text


def test_update_keeps_translations_and_drops_what_is_no_longer_said(project):
    complete()
    (project / "partners" / "views.py").write_text(
        CODE.replace('_("Programmes")', '_("Partners")'), encoding="utf-8"
    )

    assert update("ko") == 1

    text = path_of("ko").read_text(encoding="utf-8")
    assert '"예정"' in text
    assert "Programmes" not in text
    assert 'msgid "Partners"\nmsgstr ""\n' in text


def test_update_of_what_is_up_to_date_changes_no_byte(project):
    complete()
    before = path_of("zh_Hans").read_bytes()

    assert update("zh_Hans") == 0

    assert path_of("zh_Hans").read_bytes() == before


def test_english_keeps_only_what_it_says_otherwise(project):
    update("en")

    assert "Programmes" not in path_of("en").read_text(encoding="utf-8")


def test_complete_catalogues_have_no_problems(project):
    complete()

    assert problems() == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('msgid "Programmes"\nmsgstr "사업"\n', "", "missing: Programmes"),
        ('msgstr "사업"', 'msgstr ""', "empty: Programmes"),
        ('msgstr "사업"', 'msgstr "Saeop"', "no Hangul in “Saeop”: Programmes"),
        ('msgid "Programmes"', '#, fuzzy\nmsgid "Programmes"', "fuzzy: Programmes"),
        ("%(n)s명", "%(m)s명", "other placeholders in “%(m)s명”: %(n)s person"),
        ("%(n)s명", "여러 명", "other placeholders in “여러 명”: %(n)s person"),
        ("\n#: ", '\nmsgid "Old"\nmsgstr "옛"\n\n#: ', "obsolete: Old"),
    ],
)
def test_problem_of_a_catalogue_is_named(project, old, new, said):
    complete()
    change("ko", old, new)

    assert [str(problem) for problem in problems()] == [f"ko: {said}"]


def test_catalogue_that_is_not_there_is_a_problem(project):
    found = {(problem.locale, problem.what) for problem in problems()}

    assert found == {("ko", "there is no catalogue"), ("zh_Hans", "there is no catalogue")}


def test_text_in_the_list_of_exceptions_needs_no_letters_of_the_script(project):
    complete()
    change("ko", '"사업"', '"ODA"')
    (project / "locale" / "exceptions.txt").write_text("# names\nProgrammes\n", encoding="utf-8")

    assert problems() == []


def test_command_lists_the_problems_and_fails(project):
    complete()
    change("ko", '"사업"', '""')
    out = StringIO()

    with pytest.raises(CommandError, match="1 problems"):
        call_command("catalogues", "--check", stdout=out)

    assert out.getvalue() == "ko: empty: Programmes\n"


def test_compiled_catalogue_speaks_the_language(project):
    complete()

    compile_catalogues()

    found = gettext.translation("django", project / "locale", ["ko"])
    assert found.gettext("Programmes") == "사업"
    assert found.pgettext("program", "Planned") == "예정"
    assert found.ngettext("%(n)s person", "%(n)s people", 2) == "%(n)s명"


def test_only_catalogues_newer_than_their_compiled_form_are_compiled(project):
    complete()
    compile_catalogues()
    later = path_of("ko").with_suffix(".mo").stat().st_mtime + 10
    os.utime(path_of("ko"), (later, later))

    assert [path.parent.parent.name for path in compile_catalogues()] == ["ko"]


def test_what_packages_leave_untranslated_is_ours_to_translate():
    korean, chinese = (extraction.messages_in_packages(locale) for locale in ("ko", "zh_Hans"))

    assert korean[None, "Change History"].places == ("simple_history",)
    assert (None, "Change History") not in chinese
    assert (None, "Password") not in korean


def test_what_was_compiled_is_said_at_once_in_the_same_process(settings, tmp_path: Path):
    """`prepare` writes purposes into the table that it has just compiled the words of."""
    folder = tmp_path / "locale" / "ko" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text('msgid "Said here alone"\nmsgstr "여기서만"\n', "utf-8")
    settings.BASE_DIR, settings.LOCALE_PATHS = tmp_path, [tmp_path / "locale"]
    with override("ko"):
        assert said("Said here alone") == "Said here alone"

    compile_catalogues()

    with override("ko"):
        assert said("Said here alone") == "여기서만"
