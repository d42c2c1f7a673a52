"""The whole site as ./run starts it, in a folder and on a port of its own."""

import os
import signal
import subprocess
import time
from pathlib import Path

from tests.ports import free_port

TOP = Path(__file__).resolve().parents[2]
# What would make it something else than the embedded site.
PRODUCTION = (
    "ALLOWED_HOSTS DATABASE_URL DEBUG DEMO EMAIL_URL LOG_FORMAT MEDIA_ROOT PRIVATE_ROOT REDIS_URL "
    "SECRET_KEY SITE_URL STATIC_FROM_FINDERS TRUSTED_PROXIES"
).split()


class Site:
    def __init__(self, folder: Path, port: int | None = None) -> None:
        self.folder, self.port = folder, port or free_port()
        self.url = f"http://localhost:{self.port}"
        self.log = folder.with_suffix(f".{self.port}.log")
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in PRODUCTION},
            "VAR_DIR": str(folder),
            "PORT": str(self.port),
            "FILES_A_MINUTE": "10000",  # the crawler takes every file from one address
        }

    def launch(self) -> subprocess.Popen[bytes]:
        """Start ./run without waiting for its pages."""
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [TOP / "run"],
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                # A runner in the background ignores Ctrl-C, and so would all it starts.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )
        return self.process

    def start(self, seconds: float = 120) -> "Site":
        """Start ./run and return once it says that the portal is running."""
        self.launch()
        until = time.monotonic() + seconds
        while "Ctrl-C ends it" not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < until, f"not ready in {seconds} s:\n{self.said()}"
            time.sleep(0.1)
        return self

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def stop(self, with_signal: signal.Signals = signal.SIGTERM) -> int:
        """End it as a person or a machine would; return what ./run exits with."""
        if self.process.poll() is None:
            self.process.send_signal(with_signal)
        return self.process.wait(timeout=60)

    def manage(self, *arguments: str) -> str:
        """Run manage.py on this site's data."""
        command = [TOP / ".venv/bin/python", TOP / "manage.py", *arguments]
        environment = {**self.environment, "SITE_URL": self.url}
        done = subprocess.run(
            command, env=environment, cwd=TOP, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def processes(self, word: str = "") -> list[int]:
        """Ids of this copy's processes whose command holds `word`, oldest first."""
        mark = f"VAR_DIR={self.folder}".encode()
        found = []
        for place in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (place / "environ").read_bytes().split(b"\0") and (
                    word.encode() in (place / "cmdline").read_bytes()
                ):
                    found.append(int(place.name))
            except OSError:
                continue  # it ended meanwhile, or is another user's
        return sorted(found)
