"""Refuse lock files that name an address, lack a hash, lag behind pyproject.toml or fall below a
known security release (.ci/floors.txt).
"""

import re
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;]+)")


def pins(lock: Path) -> tuple[dict[str, str], list[str]]:
    """Return the pinned version of each package, and what is wrong with the file."""
    text, faults = lock.read_text(encoding="utf-8"), []
    found: dict[str, str] = {}
    if "://" in text or re.search(r"^\s*--(?!hash)", text, re.MULTILINE):
        faults.append(f"{lock}: holds an address or an option")
    for entry in re.sub(r"\\\n", " ", text).splitlines():
        if not entry.strip() or entry.lstrip().startswith("#"):
            continue
        pin = PINNED.match(entry)
        if pin is None or "--hash=sha256:" not in entry:
            faults.append(f"{lock}: not pinned by version and hash: {entry[:60]}")
        else:
            found[canonicalize_name(pin["name"])] = pin["version"]
    return found, faults


def lagging(lock: str, pinned: dict[str, str], wanted: list[str]) -> list[str]:
    """What pyproject.toml asks for and the lock does not give."""
    faults = []
    for requirement in map(Requirement, wanted):
        version = pinned.get(canonicalize_name(requirement.name))
        if version is None or version not in requirement.specifier:
            faults.append(f"{lock}: {requirement} is wanted, {version or 'nothing'} is pinned")
    return faults


def floors(path: Path) -> dict[str, tuple[Version, str]]:
    """Package → the first version that is safe, and what was wrong before."""
    found: dict[str, tuple[Version, str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            name, sign, version, advisory = line.split(maxsplit=3)
            if sign != ">=":
                raise ValueError(f"{path}: {line}")
            found[canonicalize_name(name)] = Version(version), advisory
    return found


def too_old(lock: str, pinned: dict[str, str], least: dict[str, tuple[Version, str]]) -> list[str]:
    return [
        f"{lock}: {name} {pinned[name]} is older than {version} ({advisory})"
        for name, (version, advisory) in least.items()
        if name in pinned and Version(pinned[name]) < version
    ]


def forgotten(least: dict[str, tuple[Version, str]], pinned: set[str]) -> list[str]:
    return [f".ci/floors.txt: no lock has {name}" for name in least if name not in pinned]


def main() -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    needed = project["project"]["dependencies"]
    extras = project["project"]["optional-dependencies"]
    wanted = {
        "requirements.lock": needed,
        "requirements-s3.lock": needed + extras["s3"],
        "requirements-dev.lock": needed + project["dependency-groups"]["dev"],
        ".ci/installer.lock": ["uv"],
    }
    faults = [f"{path}: records addresses" for path in Path().glob("uv.lock")]
    least, everything = floors(Path(".ci/floors.txt")), set()
    for lock, requirements in wanted.items():
        pinned, wrong = pins(Path(lock))
        faults += wrong + lagging(lock, pinned, requirements) + too_old(lock, pinned, least)
        everything |= set(pinned)
    faults += forgotten(least, everything)
    sys.exit("\n".join(faults) or 0)


if __name__ == "__main__":
    main()
