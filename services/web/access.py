"""Who may do what: each route states it here, and one that does not is closed to everybody."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from services.accounts.roles import ROLE_MAY, Permission, Scope
from services.web.who import Who


class Rule(msgspec.Struct, frozen=True):
    """What a route asks for."""

    permission: Permission
    scope: Scope | None = None
    """What an API key must be made for; None: no key opens this route."""
    asks_who: bool = True
    """False: the answer is the same for everybody, so nobody is looked up or counted."""


SEARCH, EXPORT = Rule("read", "search"), Rule("read", "export")
SAME_FOR_ALL, PUBLIC, READ = Rule("public", asks_who=False), Rule("public"), Rule("read")
PERSONAL, OPERATE = Rule("personal"), Rule("operate")

RULES: Mapping[str, Rule] = {
    "/": READ,
    "/claims": READ,
    "/disagreements": READ,
    "/story/{story_id}": READ,
    "/entity/{entity_id:path}": READ,
    "/article/{article_id}": READ,
    "/keys": READ,
    "/api": READ,
    "/status": READ,
    "/live": SEARCH,
    "/static/{name}": SAME_FOR_ALL,
    "/livez": SAME_FOR_ALL,
    "/readyz": SAME_FOR_ALL,
    "/metrics": Rule("operate", "metrics"),
    "/login": PUBLIC,
    "/logout": PUBLIC,
    "/account": PERSONAL,
    "/account/password": PERSONAL,
    "/account/keys": PERSONAL,
    "/account/keys/{prefix}/revoke": PERSONAL,
    "/account/users": OPERATE,
    "/account/users/{name}/role": OPERATE,
    "/account/users/{name}/state": OPERATE,
    "/saved": PERSONAL,
    "/saved/{saved_id}/remove": PERSONAL,
    "/api/v1/openapi.json": SEARCH,
    "/api/v1/articles": SEARCH,
    "/api/v1/articles/{id}": SEARCH,
    "/api/v1/articles/{id}/revisions": SEARCH,
    "/api/v1/claims": SEARCH,
    "/api/v1/disagreements": SEARCH,
    "/api/v1/stories/{id}": SEARCH,
    "/api/v1/entities/{id}": SEARCH,
    "/api/v1/explain": SEARCH,
    "/api/v1/stats": SEARCH,
    "/articles.csv": EXPORT,
    "/articles.jsonl": EXPORT,
    "/claims.csv": EXPORT,
    "/claims.jsonl": EXPORT,
    "/feed.atom": EXPORT,
    "/feed.rss": EXPORT,
    "/feed.json": EXPORT,
}
"""By the path of the route as it is registered, parameters and prefix included."""

NO_ROUTE = READ
"""Who may not read is asked to log in also where there is nothing, and so learns nothing."""

Decision = Literal["allowed", "login", "forbidden"]


def decide(who: Who, rule: Rule | None) -> Decision:
    """Whether somebody may use a route; a route without a rule is nobody's."""
    if rule is None:
        return "forbidden"
    if rule.permission == "public":
        return "allowed"
    if who.role is None:
        return "login"
    if who.how == "key" and rule.scope not in who.scopes:
        return "forbidden"
    return "allowed" if rule.permission in ROLE_MAY[who.role] else "forbidden"
