"""Who the servers run as: Elasticsearch and PostgreSQL refuse to run as root."""

import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

NAME = "nobody"


class SwitchOptions(TypedDict, total=False):
    """Arguments of ``subprocess.Popen``."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """The account of the servers: one's own, or ``nobody`` where one is root."""

    uid: int
    gid: int
    name: str
    switch: bool

    @classmethod
    def choose(cls) -> "Account":
        """By who runs this command."""
        switch = os.geteuid() == 0
        row = pwd.getpwnam(NAME) if switch else pwd.getpwuid(os.geteuid())
        return cls(row.pw_uid, row.pw_gid, row.pw_name, switch)

    def can_reach(self, folder: Path) -> bool:
        """Whether the account may enter; root's home and many temporary folders are closed."""
        return not self.switch or all(open_to_all(parent) for parent in folder.parents)

    def own(self, folder: Path) -> Path:
        """Make a folder that is the account's alone."""
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        if self.switch:
            shutil.chown(folder, self.uid, self.gid)
        return folder

    def switch_options(self) -> "SwitchOptions":
        """For ``subprocess``: how a child becomes the account."""
        if not self.switch:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def open_to_all(folder: Path) -> bool:
    """Whether everyone may pass through; a folder that is still to be made will be so."""
    try:
        return bool(folder.stat().st_mode & stat.S_IXOTH)
    except FileNotFoundError:
        return True
