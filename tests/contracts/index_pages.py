"""What pages need of ``services.index.Index``: hits by and by, folded copies, disagreements."""

from typing import Any, ClassVar

import pytest

from processors.query.syntax import parse_query
from processors.records import Claim
from services.index import ClaimSort, CursorError, Sort
from tests.support.articles import article, claim
from tests.support.index import OpenIndex, found, slugs


class PagesContract:
    """An adapter's test class gives the fixture ``open_index``."""

    sorts: ClassVar[tuple[Sort, ...]] = ("relevance", "newest", "oldest")
    lowered: ClassVar[dict[str, int]] = {}
    """Limits of the adapter within which it pages in another way, and what to test them with."""

    def test_cursors_lead_through_all_hits(self, open_index: OpenIndex) -> None:
        with open_index(write=True) as index:
            index.put([article(f"s{n}", "chips", hours=n % 3) for n in range(25)])
            for sort in self.sorts:
                whole = found(index, "chips", sort=sort, limit=100)
                for fold in (False, True):
                    query, seen, after = parse_query("chips"), list[str](), ""
                    while True:
                        page = index.search(query, sort=sort, limit=4, fold=fold, after=after)
                        assert page.total == 25
                        seen += slugs([hit.article for hit in page.hits])
                        after = page.next
                        if not after:
                            break
                    assert seen == whole

    def test_what_comes_between_pages_neither_shows_twice_nor_hides(
        self, open_index: OpenIndex
    ) -> None:
        with open_index(write=True) as index:
            index.put([article(f"s{n}", hours=n) for n in range(6)])
            first = index.search(parse_query(""), limit=3)
            assert slugs([hit.article for hit in first.hits]) == ["s5", "s4", "s3"]
            index.put([article("new", hours=9)])
            rest = index.search(parse_query(""), limit=9, after=first.next)
            assert slugs([hit.article for hit in rest.hits]) == ["s2", "s1", "s0"]
            assert (rest.total, rest.next) == (7, "")

    @pytest.mark.parametrize("cursor", ["x", "WyJuZXdlc3QiXQ", "W10", "é" * 9, "A" * 5000, "=="])
    def test_a_wrong_cursor_is_refused(self, open_index: OpenIndex, cursor: str) -> None:
        with open_index(write=True) as index:
            index.put([article("a"), article("b")])
            with pytest.raises(CursorError):
                index.search(parse_query(""), after=cursor)
            with pytest.raises(CursorError):
                index.claims(parse_query(""), after=cursor)
            other = index.search(parse_query(""), limit=1, sort="oldest").next
            with pytest.raises(CursorError):
                index.search(parse_query(""), limit=1, sort="newest", after=other)

    def test_copies_fold_into_the_first_of_each_story(self, open_index: OpenIndex) -> None:
        with open_index(write=True) as index:
            stories = ("a", "", "a", "b", "a", "b")
            index.put(
                [
                    article(f"s{n}", "chips", hours=n, story=story and f"story-{story}")
                    for n, story in enumerate(stories)
                ]
            )
            page = index.search(parse_query("chips"), sort="newest", fold=True)
            assert page.total == 6
            shown = [(slugs([hit.article])[0], hit.copies) for hit in page.hits]
            assert shown == [("s5", 1), ("s4", 2), ("s1", 0)]
            page = index.search(parse_query("chips"), sort="oldest", fold=True, offset=1, limit=1)
            assert slugs([hit.article for hit in page.hits]) == ["s1"]
            after = index.search(
                parse_query("chips"), sort="oldest", fold=True, limit=1, after=page.next
            )
            assert slugs([hit.article for hit in after.hits]) == ["s3"]
            assert after.next == ""
            apart = index.search(parse_query("chips"), sort="newest")
            assert {hit.copies for hit in apart.hits} == {0}

    def test_far_down_copies_fold_too(
        self, open_index: OpenIndex, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name, size in self.lowered.items():
            monkeypatch.setattr(name, size)
        with open_index(write=True) as index:
            index.put(
                [article(f"s{n}", "chips", hours=n, story=f"story-{n // 2}") for n in range(30)]
            )
            page = index.search(parse_query("chips"), sort="oldest", fold=True, offset=9, limit=4)
            assert slugs([hit.article for hit in page.hits]) == ["s18", "s20", "s22", "s24"]
            assert page.next

    def test_every_day_is_counted(self, open_index: OpenIndex) -> None:
        with open_index(write=True) as index:
            index.put([article(f"s{n}", hours=hours) for n, hours in enumerate((0, 11, 12, 60))])
            days = index.search(parse_query(""), facets=True, limit=0).days
            assert [(f"{one.day:%m-%d}", one.count) for one in days] == [
                ("01-01", 2),
                ("01-02", 1),
                ("01-04", 1),
            ]

    def test_claims_by_their_dollars(self, open_index: OpenIndex) -> None:
        def figures(sort: ClaimSort) -> list[float | None]:
            found = index.claims(parse_query(""), sort=sort).claims
            pages, after = list[float | None](), ""
            while True:
                page = index.claims(parse_query(""), sort=sort, limit=2, after=after)
                pages += [hit.claim.amount_low for hit in page.claims]
                after = page.next
                if not after:
                    break
            assert pages == [hit.claim.amount_low for hit in found]
            return pages

        with open_index(write=True) as index:
            index.put([article("a", claims=(claim(low=5e6), claim("loss"), claim(low=1e6)))])
            index.put([article("b", hours=1, claims=(claim(low=3e6), claim(low=5e6)))])
            assert figures("largest") == [5e6, 5e6, 3e6, 1e6, None]
            assert figures("smallest") == [1e6, 3e6, 5e6, 5e6, None]
            assert figures("newest") == [3e6, 5e6, 5e6, None, 1e6]
            assert figures("oldest") == [5e6, None, 1e6, 3e6, 5e6]

    def test_claims_that_do_not_meet_are_disputed(self, open_index: OpenIndex) -> None:
        def training(low: float, **fields: Any) -> Claim:
            return claim("training_cost", low, subject="Examplar", object="R1", **fields)

        def disputed(query: str = "") -> list[list[float | None]]:
            found = index.disputes(parse_query(query))
            assert found.total == len(found.disputes)
            return [[hit.claim.amount_low for hit in one.claims] for one in found.disputes]

        with open_index(write=True) as index:
            index.put([article("a", claims=(training(5.6e6), claim("loss", 1e6)))])
            index.put([article("b", hours=1, claims=(training(6e6, bound="about"),))])
            assert disputed() == []
            index.put([article("c", hours=2, claims=(training(1.3e9, bound="at_least"),))])
            assert disputed() == [[5.6e6, 6e6, 1.3e9]]
            assert disputed("usd:<10M") == []
            index.put([article("d", hours=3, claims=(training(9e9, modality="denied"),))])
            index.put([article("e", hours=3, claims=(training(7e6, period="2024"),))])
            assert disputed() == [[5.6e6, 6e6, 1.3e9]]
            index.put([article("f", hours=4, claims=(claim("loss", 5e6), claim("loss", 5e6)))])
            assert disputed() == [[1e6, 5e6, 5e6], [5.6e6, 6e6, 1.3e9]]
            assert len(index.disputes(parse_query(""), limit=1).disputes) == 1

    def test_a_slip_is_told_from_a_word(self, open_index: OpenIndex) -> None:
        with open_index(write=True) as index:
            index.put(
                [article("a", "Inference and interference cost."), article("b", "Inference.")]
            )
            found = index.suggest(
                ["inferense", "inference", "inferring", "xyz", "teh", "cots", "é"]
            )
            assert found == {"inferense": "inference", "cots": "cost"}

    def test_pages_far_down(self, open_index: OpenIndex, monkeypatch: pytest.MonkeyPatch) -> None:
        """Beyond what an engine shows at once; the limits are lowered where there are some."""
        for name, value in self.lowered.items():
            monkeypatch.setattr(name, value)
        with open_index(write=True) as index:
            index.put(
                [article(f"s{n}", "chips", hours=n % 7, claims=(claim(),)) for n in range(60)]
            )
            for sort in self.sorts:
                whole = found(index, "chips", sort=sort, limit=100)
                assert len(set(whole)) == 60
                for offset, limit in ((0, 25), (7, 9), (9, 3), (41, 4), (55, 10), (60, 5)):
                    page = found(index, "chips", sort=sort, offset=offset, limit=limit)
                    assert page == whole[offset : offset + limit]
                first = index.search(parse_query("chips"), sort=sort, limit=3)
                for limit in (9, 25, 100):
                    rest = index.search(
                        parse_query("chips"), sort=sort, limit=limit, after=first.next
                    )
                    assert slugs([hit.article for hit in rest.hits]) == whole[3 : 3 + limit]
                    assert (rest.total, bool(rest.next)) == (60, limit < 57)
            far = index.search(parse_query("chips"), offset=50, limit=20, facets=True)
            assert (far.total, len(far.hits)) == (60, 10)
            assert far.facets["source"][0].count == 60
            assert len(index.claims(parse_query(""), limit=100).claims) == 60
            after = index.claims(parse_query(""), limit=3).next
            assert len(index.claims(parse_query(""), limit=100, after=after).claims) == 57
