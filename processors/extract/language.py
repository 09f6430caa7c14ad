"""Which language a text is in: two letters."""

import re
from functools import cache
from typing import Any

_ENGLISH = frozenset(
    (
        "the", "of", "and", "to", "in", "a", "is", "that", "for", "it", "was", "on", "are",
        "as", "with", "his", "he", "be", "by", "at", "this", "have", "from", "or", "had", "not",
        "but", "what", "were", "they", "which", "you", "we", "their", "has", "will", "would",
        "been", "its", "who", "said", "more", "one", "there",
    )
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE = 3_000


def detect_language(body: str, declared: str) -> str:
    """The text's own language where there is enough of it, else the declared one; '' if unknown.

    A quarter of function words is English beyond doubt and costs no model.
    """
    words = _WORD.findall(body[:_SAMPLE].lower())
    if len(words) < 10:
        return declared
    share = sum(word in _ENGLISH for word in words) / len(words)
    if share >= 0.25 or (declared == "en" and share >= 0.15):
        return "en"
    found, certainty = _identifier().classify(body[:_SAMPLE])
    return str(found) if certainty >= 0.5 or not declared else declared


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
