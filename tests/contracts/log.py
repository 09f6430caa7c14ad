"""What every ``Log`` promises besides: see ``services.bus.Log``."""

import pytest

from services.bus import Log, Slice, Stored
from services.errors import UserError
from tests.contracts.bus import OpenBus
from tests.support.bus import NOON, SEVERAL, SINGLE, committed, drain, event, events, ids


class LogContract:
    """Bind it with a fixture ``open_bus`` that opens one more member on the same empty log."""

    @pytest.fixture
    def bus(self, open_bus: OpenBus) -> Log:
        return open_bus()

    def test_events_are_put_back_where_they_were(self, bus: Log) -> None:
        kept = [Stored(3, offset, event("a", offset)) for offset in (2, 3, 5)]
        bus.put_back(SEVERAL, [*kept[:2], Stored(4, 0, event("b"))])
        bus.put_back(SEVERAL, kept[2:])
        found = bus.read(Slice(SEVERAL, 3, 0, 9))
        assert [each for each in found if each.event.type] == kept
        ends = {lag.partition: lag.end for lag in bus.lag("g", SEVERAL) if lag.end}
        assert ends == {3: 6, 4: 1}

    def test_nothing_is_put_back_over_what_is_there(self, bus: Log) -> None:
        bus.put_back(SINGLE, [Stored(0, 0, event("a"))])
        with pytest.raises(UserError, match="has 0 already"):
            bus.put_back(SINGLE, [Stored(0, 0, event("b"))])
        assert ids(bus.read(Slice(SINGLE, 0, 0, 9))) == ["a#0"]

    def test_a_group_is_moved(self, bus: Log) -> None:
        bus.publish(SINGLE, events(5))
        bus.move_to("g", SINGLE, {0: 3})
        assert committed(bus, "g", SINGLE) == {0: 3}
        assert len(drain(bus, "g", SINGLE)) == 2
        bus.close()

    def test_what_is_forgotten_is_gone_and_the_rest_keeps_its_place(self, bus: Log) -> None:
        bus.publish(SINGLE, events(5))
        assert bus.forget(SINGLE, {0: 3}) == 3
        assert bus.forget(SINGLE, {0: 2}) == 0
        assert bus.offsets_for(SINGLE, NOON) == {0: 3}
        assert ids(bus.read(Slice(SINGLE, 0, 3, 9))) == ["key 3#0", "key 4#0"]
        bus.publish(SINGLE, [event("new")])
        assert [lag.end for lag in bus.lag("g", SINGLE)] == [6]
        assert bus.forget(SINGLE, {0: 99}) == 3
        bus.publish(SINGLE, [event("last")])
        assert [each.offset for each in bus.read(Slice(SINGLE, 0, 6, 9))] == [6]
