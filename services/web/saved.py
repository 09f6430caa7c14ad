"""``/saved``: searches that somebody wants to find again."""

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.accounts.rules import good_label
from services.accounts.tokens import new_id
from services.errors import UserError
from services.store.people import SavedSearch
from services.web.account import problem
from services.web.login import NEVER_KEPT, Means, own_address
from services.web.moments import Moment, moment
from services.web.problems import NOT_FOUND, Problem

MOST = 500
"""Saved searches of one person."""


class SavedView(msgspec.Struct, frozen=True):
    """One of them, as it is listed."""

    id: str
    name: str
    address: str
    made: Moment


class Saved:
    """The handlers; they run in threads."""

    def __init__(self, means: Means) -> None:
        self._show, self._store, self._now = means.show, means.store, means.now

    def page(self, request: Request) -> Response:
        """``/saved``."""
        return self._page(request)

    def save(self, request: Request) -> Response:
        """POST ``name`` and ``address``, the path and query string of the page to come back to."""
        form, who = request.state.form, request.state.who
        try:
            saved = SavedSearch(
                id=new_id(),
                owner=who.name,
                name=good_name(form.get("name", "")),
                address=good_address(form.get("address", "")),
                created_at=self._now(),
            )
            if len(self._store().saved_searches(who.name)) >= MOST:
                raise UserError(f"{MOST} searches are saved already; remove one first")
            if not self._store().save_search(saved):
                raise UserError(f"a search named “{saved.name}” is there already; name it anew")
        except UserError as error:
            return self._page(request, 400, error=problem("This search was not saved", error))
        return RedirectResponse("/saved", 303, headers=NEVER_KEPT)

    def remove(self, request: Request) -> Response:
        """POST: somebody else's is as little there as one that never was."""
        saved_id = request.path_params["saved_id"]
        if not self._store().remove_saved_search(request.state.who.name, saved_id):
            return self._show("error.html", 404, error=NOT_FOUND, fresh=None)
        return RedirectResponse("/saved", 303, headers=NEVER_KEPT)

    def _page(
        self, request: Request, status: int = 200, *, error: Problem | None = None
    ) -> Response:
        now = self._now()
        saved = [
            SavedView(each.id, each.name, each.address, moment(each.created_at, now))
            for each in self._store().saved_searches(request.state.who.name)
        ]
        answer = self._show(
            "saved.html", status, here="saved", fresh=None, saved=saved, error=error
        )
        answer.headers.update(NEVER_KEPT)
        return answer


def good_name(name: str) -> str:
    """Raises UserError for none."""
    label = good_label(name)
    if not label:
        raise UserError("it needs a name")
    return label


def good_address(address: str) -> str:
    """Raises UserError for what does not lead to one of our pages."""
    if not address.startswith("/") or own_address(address) != address:
        raise UserError("it leads to no page of Beatwire; save it from the page of the search")
    return address
