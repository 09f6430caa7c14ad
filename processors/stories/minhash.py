"""The fingerprint of a text: what is kept of it to find its copies among millions.

Of a text's runs of four words (shingles), MinHash keeps ``SLOTS`` numbers, each equal in two texts
as often as their shingles are the same: the share of places where two signatures agree estimates
the Jaccard similarity of the texts. The first ``BANDS * ROWS`` of them, three at a time, are
hashed to bands. Texts that share a band are candidates for each other; whether one is a copy is
then told from the signatures (``processors.stories.comparing``).

How likely texts share a band, 1 - (1 - s ** ROWS) ** BANDS, and how likely texts of equal length
are then taken for copies, by the similarity s of their shingles:

==========  ====  ====  ====  ====  ====  ====  ====  ====  =====
similarity   .20   .40   .50   .60   .70   .75   .80   .85    .95
candidates  .148  .734  .931  .992  1.00  1.00  1.00  1.00   1.00
copies      .000  .000  .000  .000  .085  .658  .991  1.00   1.00
==========  ====  ====  ====  ====  ====  ====  ====  ====  =====

The bands ask for little, because a wire report that a paper cut to half is still similar to .5 of
the whole one, and the signatures tell it from a text that has half in common with another.
"""

from hashlib import blake2b
from itertools import pairwise
from struct import pack

import msgspec
from rensa import RMinHash

from processors.stories.wording import wording

VERSION = 1
"""Goes up with every change of a word, of a figure below or of the library's numbers: signatures
and bands of different versions never meet."""
SHINGLE = 4
SLOTS = 256
ROWS = 3
BANDS = 20
SEED = 0x6265_6174
FEWEST_WORDS = 40
"""A shorter text says too little: it and its title have to be the same, word for word."""

HEAD = ">BI"
"""Of a signature: its version, and how many shingles the text has (0: too short)."""


class Fingerprint(msgspec.Struct, frozen=True):
    """``bands`` are signed 64-bit hashes; ``signature`` is for ``likeness``."""

    bands: tuple[int, ...]
    signature: bytes


def fingerprint(title: str, body: str) -> Fingerprint:
    """The same for the same words, on every machine. A text without words has no bands."""
    words = wording(body)
    if len(words) < FEWEST_WORDS:
        return _whole([*wording(title), "\n", *words]) if words else Fingerprint((), b"")
    shingles = _shingles(words)
    sketch = RMinHash(num_perm=SLOTS, seed=SEED)
    sketch.update(shingles)
    slots: list[int] = sketch.digest()
    # A byte of each number is enough: two that differ have the same one in 1 of 256 cases, which
    # ``likeness`` takes into account.
    signature = pack(HEAD, VERSION, len(shingles)) + bytes(slot & 0xFF for slot in slots)
    ends = range(0, BANDS * ROWS + 1, ROWS)
    bands = (_band(number, slots[start:end]) for number, (start, end) in enumerate(pairwise(ends)))
    return Fingerprint(tuple(bands), signature)


def _shingles(words: list[str]) -> list[str]:
    return list(
        {" ".join(run) for run in zip(*(words[at:] for at in range(SHINGLE)), strict=False)}
    )


def _band(number: int, slots: list[int]) -> int:
    return _hash(pack(f">BB{ROWS}I", VERSION, number, *slots), 8)


def _whole(words: list[str]) -> Fingerprint:
    data = " ".join(words).encode("utf-8", "surrogatepass")
    head = pack(HEAD, VERSION, 0)
    return Fingerprint((_hash(head + data, 8),), head + blake2b(data, digest_size=16).digest())


def _hash(data: bytes, size: int) -> int:
    return int.from_bytes(blake2b(data, digest_size=size).digest(), signed=True)
