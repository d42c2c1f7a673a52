"""docker/certbot.sh, on a folder as certbot leaves it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.processes import ROOT

# Where Docker would be asked: notes what for, and has one container.
DOCKER = """#!/bin/sh
echo "$COMPOSE_FILE $*" >> {asked}
echo 0123456789ab
"""


def renew(folder: Path, number: int) -> None:
    """What certbot does: real files by number, links to the newest, and the hook."""
    archive, live = folder / "archive" / "oda.example.org", folder / "live" / "oda.example.org"
    for place in (archive, live):
        place.mkdir(parents=True, exist_ok=True)
    for name in ("fullchain", "privkey"):
        (archive / f"{name}{number}.pem").write_text(f"{name} {number}")
        (live / f"{name}.pem").unlink(missing_ok=True)
        (live / f"{name}.pem").symlink_to(f"../../archive/oda.example.org/{name}{number}.pem")
    (folder / "docker").write_text(DOCKER.format(asked=folder / "asked"))
    (folder / "docker").chmod(0o755)
    here = {"RENEWED_LINEAGE": str(live), "TLS_FOLDER": str(folder / "tls")}
    path = {"PATH": f"{folder}:{os.environ['PATH']}"}
    subprocess.run([ROOT / "docker" / "certbot.sh"], env=os.environ | here | path, check=True)


def test_nginx_gets_files_of_its_own_and_reads_them_anew(tmp_path: Path):
    renew(tmp_path, 1)
    renew(tmp_path, 2)

    files = {path.name: path for path in (tmp_path / "tls").iterdir()}
    assert {name: path.read_text() for name, path in files.items()} == {
        "certificate.pem": "fullchain 2",
        "key.pem": "privkey 2",
    }
    assert not any(path.is_symlink() for path in files.values())
    assert files["key.pem"].stat().st_mode & 0o777 == 0o600
    last = (tmp_path / "asked").read_text().splitlines()[-1]
    assert last == "docker-compose.yml:docker/tls.yml compose exec -T nginx nginx -s reload"
