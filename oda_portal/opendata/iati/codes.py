"""Code lists of the IATI standard, with labels of ours in Korean and Chinese.

English names are IATI’s own. A code that nobody has labelled yet is shown by its English name, and
one that is in no list by itself: what a partner wrote is never hidden.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from django.utils import translation
from django.utils.functional import Promise, lazy

from .standard import code_lists

LABELS = Path(__file__).resolve().parent / "labels.yaml"
ENGLISH = "en"


def label(list_name: str, code: str) -> str:
    """What a code is called in the active language; "" for no code.

    Raises KeyError for a list that there is not.
    """
    names = code_lists()[list_name]["codes"]
    ours = _labels().get(list_name, {}).get(code, {})
    if found := ours.get(translation.get_language() or ENGLISH):
        return found
    return str(names[code][0]) if code in names else code


label_lazy = lazy(label, str)


def choices(list_name: str) -> list[tuple[str, str | Promise]]:
    """The codes that may still be used, for forms; the labels are read when they are shown."""
    return [(code, label_lazy(list_name, code)) for code in codes_of(list_name)]


def codes_of(list_name: str) -> list[str]:
    """In the order of the standard, without those that were withdrawn."""
    entries = code_lists()[list_name]["codes"]
    return [code for code in entries if not is_withdrawn(list_name, code)]


def is_known(list_name: str, code: str) -> bool:
    return code in code_lists()[list_name]["codes"]


def is_withdrawn(list_name: str, code: str) -> bool:
    return len(code_lists()[list_name]["codes"].get(code, ())) > 1


def is_complete(list_name: str) -> bool:
    """Whether the list has every code that there can be: of others, unknown codes may be right."""
    return bool(code_lists()[list_name]["complete"])


def labelled() -> dict[str, dict[str, dict[str, str]]]:
    """`{list: {code: {language: label}}}` of the labels that are ours."""
    return _labels()


@cache
def _labels() -> dict[str, dict[str, dict[str, str]]]:
    """Each line of the file is `code: [Korean, Chinese]`."""
    lists = yaml.safe_load(LABELS.read_text(encoding="utf-8"))
    return {
        name: {str(code): {"ko": ko, "zh-hans": zh} for code, (ko, zh) in entries.items()}
        for name, entries in lists.items()
    }
