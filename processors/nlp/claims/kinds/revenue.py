"""Sales, recurring revenue and run rates, and guidance on them."""

from processors.nlp.claims.kinds.base import BUSINESSES, Kind, Trigger, forms, words

KIND = Kind(
    name="revenue",
    sort="money",
    triggers=(
        Trigger("revenue", words(r"(?:\w+-)?revenues?", r"turnover", r"ARR", r"(?:annual |annualised |annualized )?(?:revenue )?run[- ]rate", r"top line", r"takings", r"billings", r"bookings", r"annual contract value", r"recurring (?:sales|income)", r"subscription income"), 1.2, subject="owner at of by agent for patient", reach=22),
        Trigger("sales", words(r"sales(?! (?:team|staff|force|to China|prices?|tax(?:es)?|pitch|people|executives?|chief|offices?))", r"(?:annual(?:ised|ized)?|quarterly|yearly) sales"), 1.05, subject="owner at of by agent for", reach=20),
        Trigger("turned_over", r"(?<!\w)turn(?:s|ed|ing)? {money}|" + words(r"turn(?:s|ed|ing)? over", r"gross(?:es|ed|ing)", r"gross {money}", r"(?:yield|yields|yielded|yielding) {money}", r"(?:bring|brings|brought|bringing|rake|rakes|raked|raking|pull|pulls|pulled|pulling) in", r"generat(?:es|ed|ing|e)", r"sold {money}", r"(?:sold|sells|sell|selling)\W(?!(?:its |the |their )?{org})(?:[\w'’-]+\W){1,4}?for {money}", r"sells {money}"), 0.8, subject="agent owner by"),
        Trigger("coming_in", r"{money} (?:coming|flowing|rolling|pouring|streaming|comes|flows|rolls|pours|streams) in(?: (?:every|each|a|per) (?:year|month|quarter)|annually| monthly)", 1.3, subject="agent owner holder"),
        Trigger("that_is_what", rf"{{money}}\W+(?:so|that|this)(?: much)?(?: is what| is how much| did| does|,)*\W(?:[\w'’-]+\W){{0,3}}?(?:{forms('earn make/made gross sell/sold')}|{forms('turn')} over|{forms('bring/brought take/took/taken pull rake')} in|{forms('ring/rang')} up)(?![\w-])", 0.95, subject="agent"),
        Trigger("customers_paid", r"(?:customers|clients|buyers|users|subscribers|advertisers)(?: have| had)? (?:paid|pay|spent|spend|handed|sent) {org}", 1.45, subject="within", reach=10),
        Trigger("part_of_it", r"(?:data[- ]cent(?:re|er)s?|division|business|unit|segment|cloud|chips|gaming|services|products?|arm|subscriptions?|licen[cs](?:es|ing)|advertising) (?:supplied|contributed|accounted for|brought in|made up|provided|chipped in|generated|delivered|yielded) {money}", 1.15, subject="owner agent", context=r"revenues?|turnover|sales|customers|clients"),
        Trigger("rang_up", rf"{forms('ring/rang/rung chalk notch clock rack')} up {{money}}", 0.85, subject="patient agent"),
        Trigger("earned_for", r"(?:earn|earns|earned|earning|brings?|brought|mak(?:e|es|ing)|made|nets?|netted) (?:{org}|it|them) {money}", 1.1, subject="within"),
        Trigger("earned", rf"(?:GPUs?|chips?|products?|business|unit|arm|division|cloud|service|services|app|assistant|chatbot|{{chip}}|{{product}}|{{model}})(?:\W[\w'’-]+){{0,2}}?\W{forms('fetch earn bring/brought make/made generate yield gross')} (?:in )?{{money}}", 1.3, subject="owner agent before"),
        Trigger("earned", rf"(?:business|unit|arm|division|cloud|services?|app|products?)(?:\W[\w'’-]+){{0,2}}?\W{forms('take/took/taken pull rake')} in {{money}}", 1.3, subject="owner agent before"),
        Trigger("made_in", r"{org} (?:made|makes|earned|earns|took|takes) {money} (?:in (?:{date}|the )|last|a year|this year)", 1.0, subject="agent"),
        Trigger("sold", r"(?:sold|sells?|selling|shipped) (?!(?:[\w'’-]+ ){0,3}?(?:stock|shares|stakes?|bonds|debt) )(?:[\w'’-]+ ){1,4}?worth (?:of )?{money}", 1.75, subject="agent owner"),
        Trigger("sold", r"(?:sold|sells?|selling|shipped) {money}(?!\ue000)(?! (?:worth )?(?:of|in) (?:[\w'’-]+ ){0,2}?(?:stock|shares|bonds))", 1.4, subject="agent owner"),
        Trigger("from_products", r"{money} (?:from|in) (?:its |the )?(?:AI )?(?:servers|chips|sales|subscriptions|subscribers|services|products|advertising|ads|customers|licen[cs]es)", 1.0, subject="agent owner"),
        Trigger("took_in", rf"{forms('take/took/taken pull bring/brought')} in {{money}}", 0.85, subject="agent", context=r"lost|loss|losing|burn|quarter|sales|revenue"),
        Trigger("took", rf"{forms('take/took/taken earn make/made')}\W(?!do )(?:in\W)?(?:[\w'’-]+\W){{0,2}}?{{money}}", 0.62, subject="agent"),
        Trigger("forecast", words(r"guidance", r"outlook", r"internal target", r"sales forecast"), 0.55, subject="owner agent at for"),
        Trigger("booked", forms("book"), 0.7, subject="agent"),
    ),
    subject="owner agent at of by",
    subject_types=BUSINESSES,
    spare_types=frozenset({"product", "model", "person"}),
    base=lambda q: 0.25 if q.per in {"per_year", "per_month", "per_quarter"} and q.size > 1e5 else 0.0,
    fits=lambda q: q.size >= 1e4 and q.per not in {"per_million_tokens", "per_share", "per_chip"},
)  # fmt: skip
