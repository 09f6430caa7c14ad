"""Kafka and Elasticsearch as Maven fetches them: once for each version, for all instances."""

import fcntl
import hashlib
import shutil
import subprocess
from pathlib import Path

from deploy.devstack.account import Account
from deploy.devstack.errors import DevstackError

POM = Path(__file__).with_name("pom.xml")
# Only root, who may write there, has servers that cannot reach the checkout.
ELSEWHERE = Path("/var/cache/beatwire-devstack")
CHECKOUT = Path(__file__).resolve().parents[2]


class Software:
    """The folder of what was fetched; its name follows the versions in ``pom.xml``."""

    def __init__(self, account: Account) -> None:
        here = CHECKOUT / ".devstack/software"
        self._shared = here if account.can_reach(here) else ELSEWHERE
        self.folder = self._shared / hashlib.sha256(POM.read_bytes()).hexdigest()[:12]

    @property
    def is_here(self) -> bool:
        """Whether nothing is left to fetch."""
        return self.folder.exists()

    @property
    def kafka(self) -> Path:
        """The folder of Kafka's jars."""
        return self.folder / "kafka"

    @property
    def elasticsearch(self) -> Path:
        """Elasticsearch's own folder."""
        return next((self.folder / "elasticsearch").iterdir())

    def fetch(self) -> None:
        """Complete or not at all: two that fetch at once wait for each other."""
        self._shared.mkdir(parents=True, exist_ok=True)
        with (self._shared / "lock").open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            if self.is_here:
                return
            print("Fetching Kafka and Elasticsearch with Maven ...", flush=True)
            partial = self.folder.with_suffix(".partial")
            shutil.rmtree(partial, ignore_errors=True)
            run_maven(partial)
            partial.rename(self.folder)


def run_maven(folder: Path) -> None:
    """Fill the folder as ``pom.xml`` says."""
    options = ["--batch-mode", "--quiet", "-Dstyle.color=never", f"-Dsoftware={folder}"]
    command = ["mvn", *options, "--file", str(POM)]
    done = subprocess.run(
        [*command, "package"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        errors = [line for line in done.stdout.splitlines() if "ERROR" in line]
        reason = errors[0].partition("ERROR]")[2].strip() if errors else "no reason given"
        raise DevstackError(f"Maven could not fetch: {reason}; again: {' '.join(command)} package")
