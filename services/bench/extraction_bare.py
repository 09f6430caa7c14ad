"""The peer of ``beatwire bench flow``: the script that one would write, of two libraries."""

import json
from collections.abc import Sequence
from itertools import cycle, islice
from tempfile import TemporaryFile
from time import perf_counter

PEER = "a script of trafilatura and the plain model, one process, to JSON lines"
WARM_UP = 5


def bare_pages_per_second(bodies: Sequence[bytes], pages: int) -> float:
    """Text with trafilatura, entities with the model's own ``nlp.pipe``; no log, index or claim."""
    from trafilatura import bare_extraction

    from processors.nlp.pipeline import plain_pipeline

    nlp = plain_pipeline()

    def run(some: Sequence[bytes]) -> None:
        read = (bare_extraction(body.decode(), with_metadata=True) for body in some)
        made = [found if isinstance(found, dict) else found.as_dict() for found in read if found]
        with TemporaryFile("w") as out, nlp.memory_zone():
            texts = (article["text"] or "" for article in made)
            for article, doc in zip(made, nlp.pipe(texts, batch_size=16), strict=True):
                names = [(entity.text, entity.label_) for entity in doc.ents]
                line = {"title": article["title"], "text": article["text"], "names": names}
                out.write(json.dumps(line) + "\n")

    asked = list(islice(cycle(bodies), pages))
    run(asked[:WARM_UP])
    start = perf_counter()
    run(asked)
    return round(pages / (perf_counter() - start), 1)
