"""What every index must keep of the promises of ``services.index.Index``. Names no adapter."""

from itertools import permutations

import pytest

from processors.query.lexer import MAX_CHARACTERS
from processors.query.syntax import parse_query
from processors.query.tree import And, EntityIs, SourceIs
from services.index import FACETS, LATEST
from services.index.documents import number_of
from tests.contracts.index_pages import PagesContract
from tests.support.articles import article, at, claim, claim_in, entity
from tests.support.index import OpenIndex, found, slugs

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


class IndexContract(PagesContract):
    """An adapter's test class gives the fixture ``open_index``."""

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
            assert index.search(parse_query("")).hits[0].article == article(body="A.", hours=3)
            assert index.revisions(article().id) == [article(body="B.", hours=2)]
            index.put([article(body="C.", hours=4)])
            before = index.revisions(article().id)
            assert before == [article(body="B.", hours=2), article(body="A.")]

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

    @pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
    def test_a_copy_of_the_newest_that_was_overtaken_is_no_revision(
        self, open_index: OpenIndex, order: tuple[int, ...]
    ) -> None:
        """A, then B twice: however they arrive, B had one text before it."""
        versions = [article(body=text, hours=n) for n, text in enumerate("ABB")]
        with open_index(write=True) as index:
            for n in order:
                index.put([versions[n]])
            (live,) = [hit.article for hit in index.search(parse_query("")).hits]
            assert live.body == "B"
            assert index.revisions(live.id) == [versions[0]]
            assert index.edits([live]) == [1]

    @pytest.mark.parametrize("order", [(0, 1, 2, 3, 4), (4, 3, 2, 1, 0), (2, 0, 4, 1, 3)], ids=str)
    def test_a_text_that_comes_back_is_one_revision(
        self, open_index: OpenIndex, order: tuple[int, ...]
    ) -> None:
        """A, B, A, C, B: however they arrive, A and C are what B had before."""
        versions = [article(body=text, hours=n) for n, text in enumerate("ABACB")]
        with open_index(write=True) as index:
            for _ in range(2):  # delivered again, they change nothing
                for n in order:
                    index.put([versions[n]])
                (live,) = [hit.article for hit in index.search(parse_query("")).hits]
                assert live == versions[4]
                assert index.revisions(live.id) == [versions[3], versions[0]]
                assert index.edits([live]) == [2]

    def test_of_many_revisions_the_latest_are_given_and_the_first(
        self, open_index: OpenIndex
    ) -> None:
        """As of a page that is another one at every fetch."""
        versions = [article(body=f"Version {n}.", hours=n) for n in range(LATEST + 5)]
        alone = article("alone")
        with open_index(write=True) as index:
            index.put([*versions, alone])
            newest = versions[-1]
            given = index.revisions(newest.id)
            assert given == [*versions[-2 : -2 - LATEST : -1], versions[0]]
            unknown = article("unknown")
            assert index.edits([newest, alone, unknown, newest]) == [
                *(LATEST + 4, 0, 0),
                LATEST + 4,
            ]
            assert index.edits([]) == []

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
