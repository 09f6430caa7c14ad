"""Every page that there is, each in a state worth looking at: one list for all browser tests."""

from typing import NamedTuple
from urllib.parse import quote

from services.store.deciding import alert_id
from tests.support.read_newsroom import TOPIC, newsroom_article

DEEPSEEK = newsroom_article("wire/deepseek-v3-5-58-million")
CORRECTED = newsroom_article("ledger/asml-leads-mistral-round")
STORY = newsroom_article("wire/anthropic-authors-settlement")
"""The first of three copies, whose id is the story's."""


ALERT = alert_id(TOPIC, DEEPSEEK)


class Place(NamedTuple):
    """A page's name for test ids and pictures, its address, and how it is answered."""

    name: str
    address: str
    status: int = 200


PLACES = (
    Place("start", "/"),
    Place("results", f"/?q={quote('entity:deepseek claim:training_cost')}"),
    Place("words", f"/?q={quote('nvidia chips')}&sort=newest&fold=0"),
    Place("beside", f"/?q=deepseek&read={DEEPSEEK}"),
    Place("no-hits", f"/?q={quote('zebra nvidia')}"),
    Place("query-error", f"/?q={quote('nvidia (chips')}", 400),
    Place("article", f"/article/{DEEPSEEK}?q=deepseek"),
    Place("corrected", f"/article/{CORRECTED}"),
    Place("version", f"/article/{CORRECTED}/versions/2"),
    Place("version-whole", f"/article/{CORRECTED}/versions/2?whole=1"),
    Place("version-missing", f"/article/{CORRECTED}/versions/9", 404),
    Place("claims", f"/claims?q={quote('claim:training_cost')}&group=subject"),
    Place("disagreements", "/disagreements"),
    Place("disagreements-found", f"/disagreements?q={quote('claim:training_cost')}"),
    Place("story", f"/story/{STORY}"),
    Place("entity", "/entity/nvidia"),
    Place("status", "/status"),
    Place("sources", "/sources"),
    Place("sources-late", "/sources?state=late&kind=lab"),
    Place("operations", "/operations"),
    Place("operations-retry", "/operations/retry?stage=read&class=Reject"),
    Place("keys", "/keys"),
    Place("api", "/api"),
    Place("account", "/account"),
    Place("saved", "/saved"),
    Place("inbox", "/alerts"),
    Place("alert", f"/alerts/{ALERT}"),
    Place("topics", "/topics"),
    Place("topic", f"/topics/{TOPIC}"),
    Place("topic-new", f"/topics/new?q={quote('claim:training_cost')}&days=3650"),
    Place("topic-never", f"/topics/new?q={quote('zebra nvidia')}"),
    Place("topic-error", f"/topics/new?q={quote('nvidia (chips')}", 400),
    Place("channels", "/channels"),
    Place("not-found", "/nowhere", 404),
)
GUARDED = (Place("login", "/login?next=/claims"),)
"""Those that are there only where a login is asked for, before it."""
