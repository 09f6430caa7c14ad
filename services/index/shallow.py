"""A query tree with the same meaning that is not deeply nested: Elasticsearch takes 30 levels.

A tree of hundred parentheses is some user's joke, but its answer is the same in every engine.
"""

from processors.query.tree import All, And, Node, Not, Or

DEEPEST = 20
"""Levels of a tree that may stay as it is; its leaves and what stands around it need some more."""
NOTHING = Not(All())


def shallow(node: Node) -> Node:
    """The same matches. NOT stands at leaves only, and AND in no AND, OR in no OR."""
    return _balanced(_plain(node, wanted=True))


def depth(node: Node) -> int:
    match node:
        case And(parts=parts) | Or(parts=parts):
            return 1 + max(map(depth, parts))
        case Not(part=part):
            return 1 + depth(part)
        case _:
            return 0


def _plain(node: Node, *, wanted: bool) -> Node:
    """The tree, or its contrary, by the laws of De Morgan."""
    match node:
        case Not(part=part):
            return _plain(part, wanted=not wanted)
        case And(parts=parts):
            plain = [_plain(part, wanted=wanted) for part in parts]
            return conjunction(plain) if wanted else disjunction(plain)
        case Or(parts=parts):
            plain = [_plain(part, wanted=wanted) for part in parts]
            return disjunction(plain) if wanted else conjunction(plain)
        case leaf:
            return leaf if wanted else Not(leaf)


def conjunction(parts: list[Node]) -> Node:
    flat = [one for part in parts for one in (part.parts if isinstance(part, And) else (part,))]
    if NOTHING in flat:
        return NOTHING
    kept = tuple(dict.fromkeys(part for part in flat if part != All()))
    return And(kept) if len(kept) > 1 else kept[0] if kept else All()


def disjunction(parts: list[Node]) -> Node:
    flat = [one for part in parts for one in (part.parts if isinstance(part, Or) else (part,))]
    if All() in flat:
        return All()
    kept = tuple(dict.fromkeys(part for part in flat if part != NOTHING))
    return Or(kept) if len(kept) > 1 else kept[0] if kept else NOTHING


def _balanced(node: Node) -> Node:
    """Cut in the middle of its longest branch, as long as it is too deep.

    Without NOT above the cut, a tree is true when it is so whatever the part below says, or when
    that part is true and the tree is so with it.
    """
    if depth(node) <= DEEPEST:
        return node
    below = node
    for _ in range(depth(node) // 2):
        assert isinstance(below, And | Or)
        below = max(below.parts, key=depth)
    anyway, given = _with(node, below, NOTHING), _with(node, below, All())
    return disjunction([_balanced(anyway), conjunction([_balanced(below), _balanced(given)])])


def _with(node: Node, old: Node, new: Node) -> Node:
    if node == old:
        return new
    match node:
        case And(parts=parts):
            return conjunction([_with(part, old, new) for part in parts])
        case Or(parts=parts):
            return disjunction([_with(part, old, new) for part in parts])
        case _:
            return node
