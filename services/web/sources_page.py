"""``/sources``: what is looked at and how it is; operators add, pause, import and remove."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from urllib.parse import quote

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from processors.query.tree import Published
from services.errors import TryLater, UserError
from services.guard import Network
from services.index import Index
from services.sources.catalogue import catalogue, choose
from services.sources.exports import MEDIA, write_list
from services.sources.importing import Plan, plan_import
from services.sources.lists import read_list
from services.sources.overview import Overview, overviews
from services.sources.read import Read
from services.sources.rules import KINDS, Draft, Known, new_source
from services.store import Store
from services.store.port import Source
from services.web.account import problem
from services.web.login import NEVER_KEPT, Show
from services.web.people import POST, Route, told_when_away
from services.web.problems import NOT_FOUND, Problem
from services.web.security import METHODS
from services.web.sources_view import Covered, by_source, sources_view

DAY, WEEK = timedelta(days=1), timedelta(days=7)
SHOWN = 30
"""Problems of an import that the page tells one by one."""


def source_routes(
    show: Show,
    store: Callable[[], Store],
    now: Callable[[], datetime],
    index: Index,
    allowed: Sequence[Network] = (),
) -> Iterator[Route]:
    """Path, handler and methods of each; who may use it is said in ``access.RULES``."""
    page = SourcesPage(show, store, now, index, allowed)
    found: tuple[Route, ...] = (
        ("/sources", page.list, METHODS),
        ("/sources/list.opml", page.export, METHODS),
        ("/sources/add", page.add, POST),
        ("/sources/import", page.take, POST),
        ("/sources/{source_id}/state", page.set_state, POST),
        ("/sources/{source_id}/remove", page.remove, POST),
    )
    for path, handler, methods in found:
        yield path, told_when_away(handler, show), methods


class SourcesPage:
    """The handlers; they run in threads."""

    def __init__(
        self,
        show: Show,
        store: Callable[[], Store],
        now: Callable[[], datetime],
        index: Index,
        allowed: Sequence[Network],
    ) -> None:
        self._show, self._store, self._now = show, store, now
        self._index, self._allowed = index, allowed

    def list(self, request: Request) -> Response:
        """``/sources?state=&kind=``."""
        return self._page(request)

    def export(self, _: Request) -> Response:
        """``/sources/list.opml``: all of them, for a feed reader."""
        body = write_list("opml", self._store().sources(), self._now())
        named = {"content-disposition": 'attachment; filename="beatwire-sources.opml"'}
        return Response(body, media_type=MEDIA["opml"], headers={**NEVER_KEPT, **named})

    def add(self, request: Request) -> Response:
        """POST ``url``, ``name``, ``kind``, ``language``, ``every``."""
        form, store = request.state.form, self._store()
        names = ("url", "name", "kind", "language", "every")
        draft = Draft(**{name: form.get(name, "").strip() for name in names})
        try:
            source = new_source(draft, Known(store.sources()), self._now())
        except UserError as error:
            return self._page(request, problem("Nothing was added", error), tried=draft)
        store.put_source(source)
        return to_source(source)

    def take(self, request: Request) -> Response:
        """POST ``list`` (OPML, TOML, JSON or addresses) or ``catalogue`` (a kind, or all)."""
        form, store = request.state.form, self._store()
        try:
            reads = self._reads(form.get("list", ""), form.get("catalogue", ""))
            plan = plan_import(reads, store.sources(), self._now(), self._allowed)
        except UserError as error:
            return self._page(request, problem("Nothing was imported", error))
        for source in plan.added:
            store.put_source(source)
        return self._page(request, imported=plan)

    def set_state(self, request: Request) -> Response:
        """POST ``state``: ``paused`` or ``resumed``."""
        found = self._found(request)
        if found is None:
            return self._missing()
        paused = request.state.form.get("state") != "resumed"
        self._store().put_source(msgspec.structs.replace(found, paused=paused))
        return to_source(found)

    def remove(self, request: Request) -> Response:
        """POST; what was fetched from it stays."""
        if not self._store().remove_source(request.path_params["source_id"]):
            return self._missing()
        return RedirectResponse("/sources", 303, headers=NEVER_KEPT)

    def _reads(self, text: str, kind: str) -> Sequence[Read]:
        if kind:
            some = choose(catalogue(), () if kind == "all" else (kind,))
            return [(entry.draft, entry.id) for entry in some if entry.verified]
        reads = read_list(text.encode("utf-8", "replace"))
        if not reads:
            raise UserError("there is no source in it; an address a line is enough")
        return reads

    def _found(self, request: Request) -> Source | None:
        wanted = request.path_params["source_id"]
        return next((each for each in self._store().sources() if each.id == wanted), None)

    def _missing(self) -> Response:
        return self._show("error.html", 404, error=NOT_FOUND, fresh=None)

    def _page(
        self,
        request: Request,
        error: Problem | None = None,
        *,
        tried: Draft | None = None,
        imported: Plan | None = None,
    ) -> Response:
        now = self._now()
        every = overviews(self._store(), now)
        answer = self._show(
            "sources.html",
            400 if error else 200,
            here="sources",
            view=sources_view(every, request.query_params, self._covered(now), now),
            error=error,
            tried=tried or Draft(url=""),
            imported=imported,
            shown=SHOWN,
            kinds=KINDS,
            listed=self._listed(every) if request.state.who.role == "operator" else (),
        )
        answer.headers.update(NEVER_KEPT)
        return answer

    @staticmethod
    def _listed(every: Sequence[Overview]) -> Sequence[tuple[str, int]]:
        """Kinds of the catalogue with how many of them are not there yet."""
        known = Known(each.source for each in every)
        missing = [entry for entry in catalogue() if entry.verified and not known.at(entry.url)]
        kinds = [(kind, sum(entry.kind == kind for entry in missing)) for kind in KINDS]
        return [(kind, number) for kind, number in (("all", len(missing)), *kinds) if number]

    def _covered(self, now: datetime) -> Covered:
        """Two counts of the index, whatever the number of sources; none while it is away."""
        try:
            day, week = (
                self._index.search(Published(after=now - span), limit=0, facets=True)
                for span in (DAY, WEEK)
            )
        except TryLater:
            return Covered()
        return Covered(by_source(day.facets["source"]), by_source(week.facets["source"]))


def to_source(source: Source) -> Response:
    """To the page again, at this source, so that loading it anew sends nothing twice."""
    return RedirectResponse(f"/sources#source-{quote(source.id)}", 303, headers=NEVER_KEPT)
