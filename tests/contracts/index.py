"""What every index must keep of the promises of ``services.index.Index``. Names no adapter."""

from collections.abc import Callable
from itertools import permutations
from typing import Any, ClassVar

import pytest

from processors.query.lexer import MAX_CHARACTERS
from processors.query.syntax import parse_query
from processors.query.tree import And, EntityIs, SourceIs
from processors.records import Article, Claim
from services.index import FACETS, ClaimSort, CursorError, Index, Sort
from services.index.documents import number_of
from tests.support.articles import article, at, claim, claim_in, entity

HOSTILE = {
    "a word of 40,000 letters": "x" * 40_000,
    "40,000 characters of four bytes": "\U0001f680" * 40_000,
    "40,000 han characters": "\u4e2d" * 40_000,
    "control characters": "a\x00b\x1f\x7f\x85\u2028\ufeff",
    "marks upon marks": "e" + "\u0301" * 10_000,
    "from right to left": "\u202e\u05d0\u05d1 \u2066x",
    "the signs of query languages": 'a* AND (b OR "c") ~2 ^3 \\ / {x TO y} [ ] <script>',
    "nothing": "",
    "a range of dots": "...." * 500,
    "private and unassigned": "\ue000\U000e0fff\uffff",
}

OpenIndex = Callable[..., Index]
"""``open_index()`` opens the one folder or address of the test, ``write=True`` for writing."""


def slugs(articles: list[Article]) -> list[str]:
    return [one.url.rpartition("/")[2] for one in articles]


def found(index: Index, query: str = "", **how: object) -> list[str]:
    return slugs([hit.article for hit in index.search(parse_query(query), **how).hits])  # type: ignore[arg-type]


class IndexContract:
    """An adapter's test class gives the fixture ``open_index``."""

    sorts: ClassVar[tuple[Sort, ...]] = ("relevance", "newest", "oldest")
    lowered: ClassVar[dict[str, int]] = {}
    """Limits of the adapter within which it pages in another way, and what to test them with."""

    # --- what put says, and what is there afterwards ---

    def test_an_article_comes_back_as_it_was(self, open_index: OpenIndex) -> None:
        body = "Deep Harbour paid $5 million.\nIt had “more”.\x00 \u202e\U0001f680 cafe\u0301"
        whole = article(
            body=body,
            published_hours=1.5,
            authors=("Ada Ames",),
            entities=(entity("Deep Harbour"),),
            claims=(claim_in(body, "$5 million", low=5e6),),
            made_by={"extract": "1"},
        )
        with open_index(write=True) as index:
            assert index.put([whole]) == ["stored"]
            assert index.get(whole.id) == whole
            assert index.get("0" * 32) is None
            assert [hit.article for hit in index.search(parse_query("harbour")).hits] == [whole]
            assert [hit.claim for hit in index.claims(parse_query("")).claims] == [*whole.claims]

    def test_what_was_put_is_there_for_the_next(self, open_index: OpenIndex) -> None:
        with open_index(write=True) as index:
            index.put([article("a")])
        with open_index(write=True) as index:
            index.put([article("b")])
        with open_index() as index:
            assert sorted(found(index)) == ["a", "b"]

    def test_putting_again_changes_nothing(self, open_index: OpenIndex) -> None:
        batch = [article("a", claims=(claim(low=1e6),)), article("b")]
        with open_index(write=True) as index:
            assert index.put(batch) == ["stored", "stored"]
            before = index.stats(), found(index)
            assert index.put(batch) == ["unchanged", "unchanged"]
            assert (index.stats(), found(index)) == before

    def test_nothing_to_put(self, open_index: OpenIndex) -> None:
        with open_index(write=True) as index:
            assert index.put([]) == []
            assert index.stats().articles == 0

    def test_an_edit_replaces_and_keeps_a_revision(self, open_index: OpenIndex) -> None:
        old = article(body="It cost $5 million.", claims=(claim(low=5e6), claim(low=6e6)))
        new = article(body="It cost $6 million.", hours=1, claims=(claim(low=6e6),))
        with open_index(write=True) as index:
            assert index.put([old]) + index.put([new]) == ["stored", "stored"]
            assert index.get(old.id) == new
            assert index.revisions(old.id) == [old]
            assert index.stats().claims == 1
            assert found(index, '"5 million"') == []
            assert found(index, '"6 million"') == ["story"]

    def test_another_reading_replaces_without_a_revision(self, open_index: OpenIndex) -> None:
        first = article(made_by={"claims": "1"})
        again = article(made_by={"claims": "2"}, claims=(claim(low=1e6),))
        with open_index(write=True) as index:
            assert index.put([first]) + index.put([again]) == ["stored", "stored"]
            assert index.get(first.id) == again
            assert index.revisions(first.id) == []

    def test_an_older_version_never_replaces_a_newer(self, open_index: OpenIndex) -> None:
        old, new = article(body="Old."), article(body="New.", hours=1)
        with open_index(write=True) as index:
            assert index.put([new]) + index.put([old]) == ["stored", "superseded"]
            assert index.put([old]) == ["superseded"]
            assert index.get(new.id) == new
            assert index.revisions(new.id) == [old]

    def test_an_unchanged_copy_holds_off_what_is_older(self, open_index: OpenIndex) -> None:
        """A at 0 h and 3 h, then B of 2 h arrives late: A is still what the page says."""
        with open_index(write=True) as index:
            index.put([article(body="A."), article(body="A.", hours=3)])
            assert index.put([article(body="B.", hours=2)]) == ["superseded"]
            assert index.search(parse_query("")).hits[0].article == article(body="A.")

    def test_revisions_come_newest_first(self, open_index: OpenIndex) -> None:
        versions = [article(body=f"Version {n}.", hours=n) for n in range(4)]
        with open_index(write=True) as index:
            for version in versions:
                index.put([version])
            assert index.revisions(versions[0].id) == versions[2::-1]
            assert index.stats().revisions == 3
            assert index.revisions("0" * 32) == []
            assert found(index, "version") == ["story"]

    @pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
    def test_any_order_in_one_batch_ends_alike(
        self, open_index: OpenIndex, order: tuple[int, ...]
    ) -> None:
        versions = [article(body=f"Version {n}.", hours=n) for n in range(3)]
        batch = [versions[n] for n in order]
        with open_index(write=True) as index:
            outcomes = index.put([*batch, *batch])
            assert outcomes[3:] == [
                "unchanged" if one is versions[2] else "superseded" for one in batch
            ]
            assert index.get(versions[0].id) == versions[2]
            assert index.revisions(versions[0].id) == [versions[1], versions[0]]
            assert index.stats().articles == 1

    # --- searching ---

    def test_an_empty_index_answers(self, open_index: OpenIndex) -> None:
        with open_index() as index:
            results = index.search(parse_query("x"), facets=True)
            assert (results.total, results.hits) == (0, ())
            assert results.facets == dict.fromkeys(FACETS, ())
            assert index.claims(parse_query("")).total == 0
            assert index.get("0" * 32) is None
            assert index.revisions("0" * 32) == []
            assert index.stats().articles == 0
            assert index.stats().newest is None

    def test_sorted_by_time(self, open_index: OpenIndex) -> None:
        """Equals keep one order among themselves, on every engine."""
        batch = [article("late", hours=5), article("mid", hours=9, published_hours=3)]
        batch += [article("early", hours=9, published_hours=-3.000001)]
        ties = [article(f"tie-{n}", hours=4) for n in range(3)]
        tied = slugs(sorted(ties, key=lambda one: number_of(one.id)))
        with open_index(write=True) as index:
            for one in (*batch, *ties):
                index.put([one])
            assert found(index, sort="oldest") == ["early", "mid", *tied, "late"]
            newest = ["late", *tied, "mid", "early"]
            assert found(index, sort="newest") == newest
            assert found(index, "headline -xyz", sort="newest") == newest

    def test_pages_join_without_gap_or_repeat(self, open_index: OpenIndex) -> None:
        with open_index(write=True) as index:
            for start in range(0, 60, 20):
                index.put(
                    [article(f"s{n}", "chips", hours=n % 7) for n in range(start, start + 20)]
                )
            for sort in self.sorts:
                whole = found(index, "chips", sort=sort, limit=100)
                pages = [
                    one
                    for at_ in range(0, 70, 7)
                    for one in found(index, "chips", sort=sort, offset=at_, limit=7)
                ]
                assert pages == whole
                assert len(set(whole)) == 60
            assert index.search(parse_query("chips"), limit=0).total == 60
            assert index.search(parse_query("chips"), offset=90).hits == ()

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

    def test_the_title_weighs_more_than_the_body(self, open_index: OpenIndex) -> None:
        filler = " ".join(f"word{n}" for n in range(30))
        with open_index(write=True) as index:
            index.put(
                [
                    article("body", f"Nvidia nvidia {filler}"),
                    article("title", filler, title="Nvidia today"),
                    article("neither", filler),
                ]
            )
            assert found(index, "nvidia") == ["title", "body"]

    def test_where_a_word_stands_decides_then_the_time(self, open_index: OpenIndex) -> None:
        """Title, first hundred words, three times or more, at all; not how often beyond that."""
        filler = "word " * 150
        with open_index(write=True) as index:
            index.put(
                [
                    article("stuffed", filler + "nvidia " * 5000),
                    article("once", filler + "nvidia", hours=1),
                    article("lately", filler + "nvidia", hours=2),
                    article("lead", "Nvidia " + filler, hours=1),
                    article("thrice", filler + "nvidia, nvidia, nvidia", hours=1),
                    article("title", filler, title="Nvidia"),
                ]
            )
            hits = index.search(parse_query("nvidia")).hits
        ordered = ["title", "lead", "thrice", "stuffed", "lately", "once"]
        assert slugs([hit.article for hit in hits]) == ordered
        assert [hit.score for hit in hits] == [4, 3, 2, 2, 1, 1]

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
            far = index.search(parse_query("chips"), offset=50, limit=20, facets=True)
            assert (far.total, len(far.hits)) == (60, 10)
            assert far.facets["source"][0].count == 60
            assert len(index.claims(parse_query(""), limit=100).claims) == 60

    @pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
    def test_no_text_is_refused(self, open_index: OpenIndex, text: str) -> None:
        whole = article(
            "odd",
            f"Before. {text}. After {text} all.",
            title=f"{text} title",
            source=text or "none",
            site_name=text,
            summary=text,
            authors=(text,),
            url="https://ledger.example/odd",
            entities=(entity("Plain"), entity(text, id=text or "none")),
            claims=(claim(evidence=text, object=text, low=5e6),),
        )
        with open_index(write=True) as index:
            assert index.put([whole, article("plain")]) == ["stored", "stored"]
            assert index.put([whole]) == ["unchanged"]
            assert index.get(whole.id) == whole
            results = index.search(parse_query("title after"), facets=True)
            assert [hit.article for hit in results.hits] == [whole]
            if len(text) <= MAX_CHARACTERS:
                named = And((EntityIs(text or "none"), SourceIs(text or "none")))
                assert index.search(named).total == 1
            assert [hit.claim for hit in index.claims(parse_query("usd:5M")).claims] == [
                *whole.claims
            ]

    def test_marks_show_the_words(self, open_index: OpenIndex) -> None:
        body = (
            "Nothing here. " * 60 + "OpenAI’s GPT-4\ncost more than the chips did. " + "More. " * 80
        )
        with open_index(write=True) as index:
            index.put([article("a", body, title="Chips & models <b>")])
            (hit,) = index.search(parse_query('gpt4 chip -nvidia OR "not there"')).hits
        marked = [hit.snippet.text[mark.start : mark.end] for mark in hit.snippet.marks]
        assert marked == ["GPT-4", "chips"]
        assert [hit.title.text[mark.start : mark.end] for mark in hit.title.marks] == ["Chips"]
        assert hit.title.text == "Chips & models <b>"
        assert 200 < len(hit.snippet.text) < 280
        assert hit.snippet.text.startswith("… ")
        assert hit.snippet.text.endswith(" …")

    # --- facets ---

    def test_facets_count_the_query(self, open_index: OpenIndex) -> None:
        nvidia, meta = entity("Nvidia"), entity("Meta")
        with open_index(write=True) as index:
            index.put(
                [
                    article(
                        "a",
                        "chips",
                        entities=(nvidia, meta),
                        site_name="The Ledger",
                        language="en-GB",
                        section="Money",
                    ),
                    article(
                        "b",
                        "chips",
                        entities=(nvidia,),
                        claims=(claim("loss"),) * 2,
                        language="en",
                        section="Data  Centres",
                    ),
                    article("c", "chips", source="wire", hours=24 * 40, claims=(claim("fine"),)),
                    article("d", "lunch", entities=(meta,)),
                ]
            )
            results = index.search(parse_query("chips"), facets=True, limit=1)
            facets = {
                name: [(one.value, one.label, one.count) for one in counts]
                for name, counts in results.facets.items()
            }
            for name, counts in results.facets.items():
                field = {"language": "lang"}.get(name, name)
                for one in counts:
                    narrowed = index.search(parse_query(f'chips {field}:"{one.value}"'))
                    assert narrowed.total == one.count
            assert index.search(parse_query("chips")).facets == {}
        assert facets == {
            "source": [("ledger", "The Ledger", 2), ("wire", "wire", 1)],
            "entity": [("nvidia", "Nvidia", 2), ("meta", "Meta", 1)],
            "claim": [("fine", "fine", 1), ("loss", "loss", 1)],
            "language": [("en", "en", 2)],
            "section": [("Data Centres", "Data Centres", 1), ("Money", "Money", 1)],
        }

    def test_entities_beyond_twenty_are_the_rarest(self, open_index: OpenIndex) -> None:
        names = [entity(f"Firm {n:02d}") for n in range(30)]
        with open_index(write=True) as index:
            for n in range(30):
                index.put([article(f"s{n}", entities=tuple(names[: n + 1]))])
            counts = index.search(parse_query(""), facets=True).facets["entity"]
        assert [(one.label, one.count) for one in counts] == [
            (f"Firm {n:02d}", 30 - n) for n in range(20)
        ]

    # --- claims ---

    def test_claims_come_newest_article_first_in_their_order(self, open_index: OpenIndex) -> None:
        body = "First, $1 million.\nThen $2 million came. Last, $3 million."
        told = tuple(
            claim_in(body, f"${n} million", sentence, low=n * 1e6)
            for n, sentence in ((1, "First, $1 million."), (2, "Then $2 million came."))
        )
        with open_index(write=True) as index:
            index.put([article("old", body, claims=told, published_hours=0)])
            index.put([article("new", "x", claims=(claim("loss", 9e6),), published_hours=1)])
            results = index.claims(parse_query(""))
            assert [hit.claim.amount_low for hit in results.claims] == [9e6, 1e6, 2e6]
            second = index.claims(parse_query(""), offset=1, limit=1).claims[0]
        sentence = second.sentence
        assert sentence.text == "First, $1 million."
        assert [sentence.text[m.start : m.end] for m in sentence.marks] == ["$1 million"]
        assert (second.title, second.source, second.published) == ("A headline", "ledger", at(0))
        assert results.total == 3

    def test_counts_of_everything(self, open_index: OpenIndex) -> None:
        with open_index(write=True) as index:
            index.put([article("a", claims=(claim(), claim())), article("b", hours=7)])
            index.put([article("a", "Edited.", hours=3, claims=(claim(),))])
            stats = index.stats()
        assert (stats.articles, stats.claims, stats.revisions) == (2, 1, 1)
        assert stats.newest == at(7)
