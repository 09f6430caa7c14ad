"""What becomes of a list: decided here, in one place for command and page, and put by them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

import msgspec

from services.errors import UserError
from services.guard import Network, refusal
from services.sources.read import Problem, Read
from services.sources.rules import Draft, Known, new_source
from services.store.port import Source


class Plan(msgspec.Struct, frozen=True):
    """What an import adds, and what it does not, each with its reason."""

    added: tuple[Source, ...] = ()
    there: tuple[tuple[str, str], ...] = ()
    """Address and the id that it is known by."""
    problems: tuple[Problem, ...] = ()


def plan_import(
    reads: Iterable[Read],
    known: Iterable[Source],
    now: datetime,
    allowed: Sequence[Network] = (),
) -> Plan:
    """Decide about every source of a list. One that is there already stays as it is.

    Nothing is fetched or looked up. A host that is written as a number is refused when the crawl
    would refuse it; where a name leads, the crawl looks at every fetch.
    """
    sources = Known(known)
    added: list[Source] = []
    there: list[tuple[str, str]] = []
    problems: list[Problem] = []
    for read in reads:
        if isinstance(read, Problem):
            problems.append(read)
            continue
        draft, where = read
        if found := sources.at(draft.url.strip()):
            there.append((draft.url.strip(), found.id))
            continue
        try:
            source = new_source(_free(draft, sources), sources, now)
            _reachable(source.url, allowed)
        except UserError as error:
            problems.append(Problem(where, str(error)))
            continue
        sources.take(source)
        added.append(source)
    return Plan(tuple(added), tuple(there), tuple(problems))


def _free(draft: Draft, sources: Known) -> Draft:
    """Another list's id is a wish: where somebody else has it, the source gets one of its own."""
    return msgspec.structs.replace(draft, id="") if draft.id in sources.by_id else draft


def _reachable(url: str, allowed: Sequence[Network]) -> None:
    """Raises UserError for a numeric host that no fetch would connect to."""
    parts = urlsplit(url)
    host = (parts.hostname or "").strip("[]")
    if host == "localhost" or host.endswith(".localhost"):
        host = "127.0.0.1"
    try:
        ip_address(host)
    except ValueError:
        return
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if reason := refusal(host, allowed, port=port):
        raise UserError(f"{url} is refused: {reason}; BEATWIRE_ALLOW_NETWORKS names exceptions")
