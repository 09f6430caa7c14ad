"""``python -m tests.support.write_articles FOLDER``: writes until it is killed.

Article ``n`` in its round ``r`` makes ``r + 1`` claims and says ``round r``. A line ``n r`` is
printed when ``put`` has returned.
"""

import sys
from itertools import count
from pathlib import Path

from services.index.tantivy import TantivyIndex
from tests.support.articles import article, claim

ARTICLES = 3


def main() -> None:
    with TantivyIndex(Path(sys.argv[1]), write=True) as index:
        start = index.stats().revisions // ARTICLES + 1
        for turn in count(start):
            claims = tuple(claim(low=float(n + 1)) for n in range(turn + 1))
            batch = [
                article(f"s{n}", f"round {turn}", hours=turn, claims=claims)
                for n in range(ARTICLES)
            ]
            index.put(batch)
            print(turn, flush=True)


if __name__ == "__main__":
    main()
