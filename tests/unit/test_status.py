"""What ``beatwire status`` says when part of it cannot be asked."""

from services.bus import Bus
from services.cli.report import render_status, take_status
from services.errors import UserError
from services.index import Index
from services.store import Store
from tests.support.bus import events


def test_an_index_of_another_version_leaves_the_rest(bus: Bus, store: Store) -> None:
    """As after an upgrade, for as long as the rebuild takes."""
    bus.publish("pages", events(3))

    def refuse() -> Index:
        raise UserError("the index is another version of Beatwire's; rebuild it")

    said = render_status(take_status(bus, store, refuse))
    assert "index   cannot be read: the index is another version of Beatwire's" in said
    assert "read    3 waiting" in said
