"""The Nu checker of the W3C, which reads whole folders of HTML; ./runtests brings it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from urllib.parse import unquote

WRONG = "<!doctype html><html lang=en><title>A</title><p id=a>A</p><i id=a>A</i><b><p>A</p></b>"


def errors(folder: Path) -> dict[str, list[str]]:
    """What the checker says is wrong, by the name of the file."""
    # One core and a deep stack: its schemas are matched by functions that call themselves.
    command = ["java", "-XX:+UseSerialGC", "-Xss4m", "-jar", os.environ["VNU_JAR"]]
    command += ["--errors-only", "--format", "json", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr.startswith("{"), done.stderr
    found: dict[str, list[str]] = {}
    for message in json.loads(done.stderr)["messages"]:
        name = unquote(message.get("url", "the checker itself").rpartition("/")[2])
        found.setdefault(name, []).append(f"{message.get('lastLine')}: {message['message']}")
    return found
