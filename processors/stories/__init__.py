"""Near-copies: which articles are the same text once more, told from their words alone.

A story is a text and its copies: a wire report as one paper prints it whole, another with three
words changed, a third cut to half. Coverage of the same event in other words is another story.
"""

from processors.stories.comparing import Likeness, is_copy, likeness
from processors.stories.minhash import Fingerprint, fingerprint

__all__ = ["Fingerprint", "Likeness", "fingerprint", "is_copy", "likeness"]
