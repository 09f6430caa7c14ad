"""Html to article: text and metadata of a fetched page, pure and safe on hostile input."""

from processors.extract.article import VERSION, Extracted, extract_article, warm_up
from processors.extract.gate import MAX_SIZE
from processors.extract.quality import Kind, Outcome

__all__ = ["MAX_SIZE", "VERSION", "Extracted", "Kind", "Outcome", "extract_article", "warm_up"]
