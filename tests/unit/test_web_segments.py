"""Overlapping marks: the pieces join to the text, and each lies under exactly its marks."""

from hypothesis import given
from hypothesis import strategies as st

from processors.records import Span
from services.web.segments import highlighted, segments

offsets = st.integers(min_value=-3, max_value=45)
spans = st.lists(st.tuples(offsets, offsets), max_size=12).map(
    lambda pairs: [(start, end, at) for at, (start, end) in enumerate(pairs)]
)


@given(st.text(max_size=40), spans)
def test_the_pieces_join_to_the_text(text: str, marked: list[tuple[int, int, int]]) -> None:
    assert "".join(piece.text for piece in segments(text, marked)) == text


@given(st.text(max_size=40), spans)
def test_each_character_is_under_the_marks_that_cover_it_innermost_last(
    text: str, marked: list[tuple[int, int, int]]
) -> None:
    at = 0
    for piece in segments(text, marked):
        assert piece.text
        for place in range(at, at + len(piece.text)):
            assert set(piece.marks) == {mark for s, e, mark in marked if s <= place < e}
        sizes = [min(len(text), marked[m][1]) - max(0, marked[m][0]) for m in piece.marks]
        assert sizes == sorted(sizes, reverse=True)
        at += len(piece.text)


@given(st.text(max_size=40), spans)
def test_text_is_cut_only_where_a_mark_begins_or_ends(
    text: str, marked: list[tuple[int, int, int]]
) -> None:
    edges = {edge for s, e, _ in marked if max(s, 0) < min(e, len(text)) for edge in (s, e)}
    at = 0
    for piece in segments(text, marked)[:-1]:
        at += len(piece.text)
        assert at in edges


def test_an_entity_inside_evidence_inside_a_sentence() -> None:
    text = "Yes. Meta spends $65 billion. No."
    cut = segments(text, [(5, 29, "sentence"), (5, 28, "evidence"), (5, 9, "entity")])
    assert [(piece.text, piece.marks) for piece in cut] == [
        ("Yes. ", ()),
        ("Meta", ("sentence", "evidence", "entity")),
        (" spends $65 billion", ("sentence", "evidence")),
        (".", ("sentence",)),
        (" No.", ()),
    ]


def test_highlights_are_pieces_and_never_markup() -> None:
    assert highlighted("a <b> c", [Span(start=2, end=5)]) == [
        ("a ", False),
        ("<b>", True),
        (" c", False),
    ]
