"""Whether an installation is well: one finding for each thing looked at, with its remedy."""

from typing import Literal

import msgspec

State = Literal["well", "warning", "wrong"]


class Finding(msgspec.Struct, frozen=True):
    """What one look showed."""

    about: str
    """What was looked at, such as ``log`` or ``disk``."""
    state: State
    """``wrong``: something does not work until it is mended; ``warning``: it will not for long."""
    says: str
    remedy: str = ""
    """What to do, without a full stop; empty when all is well or ``says`` has it."""
