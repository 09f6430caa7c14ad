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
    one_click: bool = False
    """True: a POST need not come from a page of ours, nor in a form that we read. Only for what the
    address itself proves, as no browser can be made to send a secret that it does not know."""


SEARCH, EXPORT = Rule("read", "search"), Rule("read", "export")
SAME_FOR_ALL, PUBLIC, READ = Rule("public", asks_who=False), Rule("public"), Rule("read")
PERSONAL, OPERATE = Rule("personal"), Rule("operate")
MEASURES = Rule("operate", "metrics")
SUBSCRIBE, OWN_ALERTS = Rule("subscribe"), Rule("personal", "alerts")
BY_MAIL = Rule("public", one_click=True)
"""Mail programs end a subscription with one POST, without cookies or a token (RFC 8058)."""
BY_HUB = Rule("public", one_click=True)
"""Hubs that feeds name tell of news with a POST of whatever kind (WebSub)."""

RULES: Mapping[str, Rule] = {
    "/": READ,
    "/claims": READ,
    "/disagreements": READ,
    "/story/{story_id}": READ,
    "/entity/{entity_id:path}": READ,
    "/article/{article_id}": READ,
    "/article/{article_id}/versions/{which}": READ,
    "/keys": READ,
    "/api": READ,
    "/status": READ,
    "/operations": OPERATE,
    "/operations/retry": OPERATE,
    "/sources": READ,
    "/sources/add": OPERATE,
    "/sources/import": OPERATE,
    "/sources/list.opml": READ,
    "/sources/{source_id}/state": OPERATE,
    "/sources/{source_id}/remove": OPERATE,
    "/live": SEARCH,
    "/static/{name}": SAME_FOR_ALL,
    "/livez": SAME_FOR_ALL,
    "/readyz": SAME_FOR_ALL,
    "/startupz": SAME_FOR_ALL,
    "/version": READ,
    "/metrics": MEASURES,
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
    "/topics": SUBSCRIBE,
    "/topics/new": SUBSCRIBE,
    "/topics/preview": SUBSCRIBE,
    "/topics/{topic_id}": SUBSCRIBE,
    "/topics/{topic_id}/mute": SUBSCRIBE,
    "/topics/{topic_id}/unmute": SUBSCRIBE,
    "/topics/{topic_id}/feed": SUBSCRIBE,
    "/topics/{topic_id}/replay": SUBSCRIBE,
    "/topics/{topic_id}/remove": SUBSCRIBE,
    "/channels": SUBSCRIBE,
    "/channels/{channel_id}/rotate": SUBSCRIBE,
    "/channels/{channel_id}/enable": SUBSCRIBE,
    "/channels/{channel_id}/test": SUBSCRIBE,
    "/channels/{channel_id}/remove": SUBSCRIBE,
    "/alerts": PERSONAL,
    "/alerts/{alert_id}": PERSONAL,
    "/live/alerts": OWN_ALERTS,
    "/feeds/topics/{topic_id}/{token}.atom": PUBLIC,
    "/feeds/topics/{topic_id}/{token}.rss": PUBLIC,
    "/feeds/topics/{topic_id}/{token}.json": PUBLIC,
    "/unsubscribe/{channel_id}/{token}": BY_MAIL,
    "/websub/{token}": BY_HUB,
    "/api/v1/topics": OWN_ALERTS,
    "/api/v1/alerts": OWN_ALERTS,
    "/api/v1/openapi.json": SEARCH,
    "/api/v1/articles": SEARCH,
    "/api/v1/articles/{id}": SEARCH,
    "/api/v1/articles/{id}/revisions": SEARCH,
    "/api/v1/claims": SEARCH,
    "/api/v1/disagreements": SEARCH,
    "/api/v1/stories/{id}": SEARCH,
    "/api/v1/entities/{id}": SEARCH,
    "/api/v1/explain": SEARCH,
    "/api/v1/sources": SEARCH,
    "/api/v1/stats": SEARCH,
    "/api/v1/operations": MEASURES,
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
