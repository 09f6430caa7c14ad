"""Signatures of texts that are as like each other as a test wants them."""

from struct import pack

from processors.stories.minhash import HEAD, SLOTS, VERSION

LONG = 400
"""Shingles of each text."""

ANY_TEXT = pack(HEAD, VERSION, LONG) + bytes(SLOTS)


def changed_text(signature: bytes, slots: int, salt: int = 1) -> bytes:
    """A text of the same length whose signature differs in so many slots that did not change yet.

    Of 256 slots, 45 leave a copy and 90 do not. ``salt`` tells changes of the same slots apart.
    """
    head, places = signature[:-SLOTS], bytearray(signature[-SLOTS:])
    still = [at for at, place in enumerate(places) if not place]
    for at in still[:slots]:
        places[at] = 1 + salt % 255
    return head + bytes(places)
