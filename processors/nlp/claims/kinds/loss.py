"""Net losses, cash burnt, write-downs and charges."""

from processors.nlp.claims.kinds.base import BUSINESSES, Kind, Trigger, forms, words

KIND = Kind(
    name="loss",
    sort="money",
    triggers=(
        Trigger("loss", words(r"(?:net |operating |pre-tax |annual |quarterly |adjusted )?(?:loss|losses)", r"red ink", r"in the red", r"red figures", r"deficits?", r"loss-?making", r"red numbers", r"cash burn", r"shortfall"), 1.2, subject="owner agent at of by for", reach=20),
        Trigger("lost", forms("lose/lost/losing"), 1.15, subject="agent owner by"),
        Trigger("burned", forms("burn/burnt bleed/bled") + r"(?: through)?", 1.1, subject="agent owner by"),
        Trigger("went_through", r"(?:went|gone|goes|going|go|ran|run|runs|gets?|got|getting|chews?|chewed|chewing|eats?|ate|eating|tears?|tore) through {money}", 0.85, subject="agent"),
        Trigger("went_through", r"(?:through|burn(?:s|ed|t|ing)?|consum(?:e|es|ed|ing)|us(?:e|es|ed|ing) up|eat(?:s|en|ing)? (?:up|into)|ate) {money} of (?:its|their) (?:\w+ )?(?:cash|reserves?|war chest|savings|liquidity)", 1.7, subject="agent"),
        Trigger("flowed_out", words(r"cash (?:flowing|flow|going|streaming|pouring|drain)(?: out)?", r"cash outflow"), 1.0, subject="at from agent owner"),
        Trigger("charge", words(r"write-?(?:down|off)s?", r"wr(?:ite|ites|ote|iting|itten) (?:{money} )?(?:down|off)", r"impairments?"), 1.2, subject="agent owner by at"),
        Trigger("charge", r"(?:take|takes|took|taken|taking|suffer(?:s|ed|ing)?|swallow(?:s|ed|ing)?) (?:an? )?{money} (?:hit|knock|blow|write-?(?:down|off))(?![\w-])", 1.4, subject="agent"),
        Trigger("charge", r"(?:{money} (?:\w+ )?charges?|charges? of {money}|(?:took|take|takes|taking|booked?|books|record(?:ed|s)?) (?:a |an )?(?:\w+ )?charge)", 1.4, subject="agent owner by"),
    ),
    subject="agent owner at of",
    subject_types=BUSINESSES,
    spare_types=frozenset(),
    fits=lambda q: q.size >= 1e5 and q.per not in {"per_million_tokens", "per_share", "per_chip"},
    excludes=r"(?<!\w)(?:market (?:value|cap)|share price|investors lost|shareholders lost)",
)  # fmt: skip
