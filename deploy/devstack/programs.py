"""The programs that the servers need, and the one command that brings what is missing."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

JAVA = "Java 17 or later"
MAVEN = "Maven"
REDIS = "redis-server"
POSTGRESQL = "PostgreSQL"

PACKAGES = {
    JAVA: "default-jre-headless",
    MAVEN: "maven",
    REDIS: "redis-server",
    POSTGRESQL: "postgresql",
}


def java_major(text: str) -> int:
    """The major version in what ``java -version`` prints; 0 where it says none."""
    found = re.search(r'version "(?:1\.)?(\d+)', text)
    return int(found[1]) if found else 0


def find_java() -> Path | None:
    """A Java of version 17 or later: ``JAVA_HOME``, the path, then the Debian folder."""
    candidates = [Path(os.environ["JAVA_HOME"], "bin/java")] if "JAVA_HOME" in os.environ else []
    candidates += [Path(found)] if (found := shutil.which("java")) else []
    candidates += sorted(Path("/usr/lib/jvm").glob("*/bin/java"))
    for java in candidates:
        try:
            told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
        except OSError:
            continue
        if java_major(told.stderr) >= 17:
            return java.resolve()
    return None


def find_postgresql() -> Path | None:
    """The folder of PostgreSQL's programs; Debian keeps it out of the path."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(folders, key=lambda folder: float(folder.parent.name), default=None)


def is_here(program: str) -> bool:
    """Whether a program of ``PACKAGES`` is on this machine."""
    if program == JAVA:
        return find_java() is not None
    if program == POSTGRESQL:
        return find_postgresql() is not None
    return shutil.which("mvn" if program == MAVEN else program) is not None


def install_command(missing: Iterable[str]) -> str:
    """What brings them, on Debian and Ubuntu."""
    sudo = "" if os.geteuid() == 0 else "sudo "
    packages = " ".join(PACKAGES[program] for program in PACKAGES if program in set(missing))
    return f"{sudo}apt-get install --yes {packages}"


def missing_line(missing: Mapping[str, Iterable[str]]) -> str:
    """Which servers lack what, and the command that brings it all; nothing where none lacks."""
    lacking = {server: list(needs) for server, needs in missing.items() if needs}
    if not lacking:
        return ""
    needs = dict.fromkeys(need for needs in lacking.values() for need in needs)
    return (
        f"{', '.join(lacking)}: {' and '.join(needs)} not found here; "
        f"install with: {install_command(needs)}"
    )
