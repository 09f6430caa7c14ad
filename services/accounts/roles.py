"""What each role and each scope of an API key is for."""

from typing import Literal, get_args

from services.store.people import Role

ROLES: tuple[Role, ...] = get_args(Role)

Permission = Literal["public", "read", "personal", "subscribe", "operate"]
"""``public``: whoever asks. ``read``: what was indexed. ``personal``: what is one's own.
``subscribe``: to be told of news. ``operate``: users, metrics, running it."""

ROLE_MAY: dict[Role, frozenset[Permission]] = {
    "reader": frozenset({"public", "read", "personal"}),
    "analyst": frozenset({"public", "read", "personal", "subscribe"}),
    "operator": frozenset({"public", "read", "personal", "subscribe", "operate"}),
}
ROLE_WORDS: dict[Role, str] = {
    "reader": "searches, exports, saves searches",
    "analyst": "also subscribes to alerts",
    "operator": "also manages users and sees metrics",
}

Scope = Literal["search", "export", "saved", "alerts", "metrics"]
SCOPES: dict[Scope, str] = {
    "search": "read articles, stories and claims",
    "export": "download searches, and follow their feeds",
    "saved": "read and change the owner's saved searches",
    "alerts": "read the owner's alert topics and what they found",
    "metrics": "read the metrics (operators only)",
}


def scopes_for(role: Role) -> tuple[Scope, ...]:
    """What a key of somebody with this role may be made for."""
    return tuple(scope for scope in SCOPES if scope != "metrics" or role == "operator")
