"""A visit: one address to look at, and what is known of it."""

from datetime import datetime
from typing import Literal

import msgspec

from services.store.places import Target

Role = Literal["seed", "child", "page"]


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """One address to look at, and what is known of it."""

    url: str
    """As it is to be asked for; ``target.url`` is its canonical form."""
    target: Target
    role: Role
    """A seed may be anything, a child is a sitemap of an index, a page is an article."""
    seed: str = ""
    """What the person or the schedule asked for, in their words; only for seeds and children."""
    since: datetime | None = None
    """When a page was published, or first named."""
    tries: int = 0
    """How often it failed in a row, in a way that passes."""
    depth: int = 0
    """Steps from its seed."""
