"""Fetch the Nu HTML checker, one jar, from npm's package `vnu-jar` to the place that is named."""

import hashlib
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

PACKAGE = "vnu-jar@26.9.27"
SHA512 = (
    "4e441de4315f39a582f5e6edbe8cd3b2b1f655aa1dde3620faface791133217c"
    "417b12f3f7ead2d8336d8e7efe44f5226618258b44a0860057e9125135e6b428"
)
JAR = "package/build/dist/vnu.jar"


def fetch(target: Path) -> None:
    npm = shutil.which("npm") or sys.exit("npm is not there")
    with TemporaryDirectory(dir=target.parent) as folder:
        # `pack` only downloads: nothing of the package is run.
        command = [npm, "pack", "--silent", PACKAGE]
        subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=True)
        [archive] = Path(folder).glob("*.tgz")
        if hashlib.sha512(archive.read_bytes()).hexdigest() != SHA512:
            sys.exit(f"{PACKAGE} is not what it was when it was chosen")
        jar = Path(folder, "vnu.jar")
        with tarfile.open(archive) as packed, jar.open("wb") as unpacked:
            shutil.copyfileobj(packed.extractfile(JAR), unpacked)
        jar.replace(target)


fetch(Path(sys.argv[1]))
