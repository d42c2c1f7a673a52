"""Every limit of the code, read off the calls that count."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.conf import settings

APPS = ("oda_portal", "partners", "programs", "volunteers", "forums", "news")
COUNTERS = {"may_act": "address", "may_be_done": "name"}


class Limit(NamedTuple):
    act: str
    number: int
    seconds: int


def limits() -> Iterator[Limit]:
    for app in APPS:
        for path in sorted((settings.BASE_DIR / app).rglob("*.py")):
            text = path.read_text()
            if "seconds=" in text and any(name in text for name in COUNTERS):
                module = ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts)
                yield from _in(importlib.import_module(module), ast.parse(text))


def _in(module: Any, tree: ast.Module) -> Iterator[Limit]:
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        said = {word.arg: word.value for word in call.keywords}
        if name not in COUNTERS or not {"limit", "seconds"} <= set(said):
            continue
        act = call.args[1] if name == "may_act" else call.args[0]
        try:
            yield Limit(*(_value(module, node) for node in (act, said["limit"], said["seconds"])))
        except NameError:  # where one counter calls the other
            continue


def _value(module: Any, node: ast.expr) -> Any:
    return eval(compile(ast.Expression(node), "<limit>", "eval"), vars(module))
