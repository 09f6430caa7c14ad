"""The worth that a round, a share sale, a listing or a deal puts on a company."""

from processors.nlp.claims.kinds.base import BUSINESSES, Kind, Trigger, words

KIND = Kind(
    name="valuation",
    sort="money",
    triggers=(
        Trigger("valued", words(r"valu(?:e|es|ed|ing)(?! of)", r"re-?valued"), 1.3, subject="patient agent owner", reach=18),
        Trigger("valuation", words(r"(?:post-money |pre-money )?valuations?", r"price tag on the (?:company|start-?up)", r"enterprise value"), 1.3, subject="owner of agent for patient by", reach=16),
        Trigger("valuation", r"{money}(?: (?:post|pre)-money)? valuation", 1.5, subject="agent owner of for patient before"),
        Trigger("worth", r"(?<!\w)(?:is|be|was|are|were|been|being|now|company|{org}|firm|lab|start-up|it|itself|maker|business|group|worth) (?:now |then |already |once |reportedly )?(?:worth) (?:\w+ ){0,2}?{money}", 1.25, subject="patient agent before"),
        Trigger("worth", words(r"its worth", r"(?:put|puts|putting) (?:its|the \w+'s|the) worth", r"thought it worth", r"worth(?! of)"), 1.0, subject="patient owner agent before", reach=8),
        Trigger("post_money", words(r"(?:post|pre)-money", r"unicorn"), 0.9),
    ),
    subject="patient owner of agent before",
    subject_types=BUSINESSES - {"fund", "other"},
    spare_types=frozenset({"product", "other", "person"}),
    fits=lambda q: q.size >= 1e6 and q.per is None,
    hypothetical=True,
)  # fmt: skip
