"""The price of a firm, or of a deal that takes its people and a licence."""

from processors.nlp.claims.kinds.base import BUSINESSES, Kind, Trigger, forms, words

KIND = Kind(
    name="acquisition",
    sort="money",
    triggers=(
        Trigger("bought", rf"{forms('acquire buy/bought/buying purchase snap/snapped swallow gobble absorb grab prise scoop')}(?: (?:up|out))?(?!s? from)(?!\W(?:[\w'’-]+\W){{0,2}}?(?:{{chip}}|chips|processors|servers|equipment|hardware|GPUs|time|power|capacity|shares))\W(?:(?:the|its|a|an|AI|chip|all|rival|designer|maker|start-?up|startup|company|firm|of|[\w'’-]+)\W){{0,6}}?(?:{{org}}|(?-i:[A-Z][\w.]{{2,}}))(?!['’]s| (?:chips|GPUs|processors|servers))", 1.2, subject="agent by"),
        Trigger("bought", forms("acquire buy/bought/buying purchase") + r"(?! (?:\w+ )?(?:back|{chip}|chips|processors|servers|equipment|hardware|GPUs|accelerators|power|shares|time|room|space|capacity|computing))|(?<!\w)snap(?:s|ped|ping)? up", 0.7, subject="agent by", reach=10),
        Trigger("takeover", words(r"takeovers?", r"buy-?outs?", r"acquisitions?(?! of (?:chips|shares))", r"mergers?", r"purchase of {org}", r"tie-up", r"acqui-?hires?", r"purchase price", r"swoop for"), 1.25, subject="owner by agent"),
        Trigger("paid_for", rf"{forms('pay/paid offer bid/bid fork shell')}\W(?:out\W)?(?:[\w'’-]+\W){{0,3}}?{{money}}(?:\W[\w'’-]+){{0,4}}?\W(?:for)\W(?:the |all of |AI |chip |a |start-?up |its |rival |[\w'’-]+ ){{0,4}}?(?:{{org}}|{{product}}|{{model}}|(?-i:(?!AI\b)[A-Z][\w.]+))(?!['’]s| (?:chips|GPUs|processors|site|servers|data))", 1.3, subject="agent by"),
        Trigger("parted_with", r"(?:part|parts|parted|parting) with {money} (?:for|to buy|to get)", 1.4, subject="agent"),
        Trigger("set_back", r"(?:{org}|start-?up|company|firm)[^.;]{0,60}?(?:set it back|cost it|came for|came at|cost {org}) {money}", 1.1, subject="before agent owner"),
        Trigger("takes_over", words(r"tak(?:e|es|ing) over", r"took over", r"fold(?:s|ed|ing)? (?:it|{org}) in", r"sold (?:itself )?to {org}", r"swallowed by", r"snapped up by", r"bought by", r"acquired by", r"falls? to {org}", r"approach to {org}", r"bid for {org}", r"bring(?:s|ing)? in {org}"), 1.25, subject="agent by to owner before", object="patient"),
        Trigger("transaction", r"(?:the )?{money} (?:transaction|takeover|buy-?out|acquisition|purchase|approach|bid|merger)", 1.6, subject="owner agent by before"),
        Trigger("bid_from", r"{money} (?:\w+ )?(?:bid|approach|offer|proposal) (?:from|by) {org}", 1.75, subject="from by"),
        Trigger("fetched", r"{org}[^.;]{0,60}?(?:fetch(?:ed|es)?|brought|went for|sold for|was sold for) (?:only |a mere |just )?{money}[^.;]{0,12} from {org}", 1.5, subject="from"),
        Trigger("milestones", r"(?:milestones?|earn-?outs?)[^.;]{0,40}?{money}", 1.3, subject="agent before owner"),
        Trigger("splashed_on", r"(?:splash|splashed|splashes|shell|shelled|shells|fork|forked|forks|drop|dropped|blew|blows) (?:out )?{money} on (?:the |AI |chip |start-?up |[\w'’-]+ ){0,3}?(?:{org}|(?-i:(?!AI\b)[A-Z][\w.]+))(?!['’]s| (?:chips|GPUs|processors|servers))", 1.3, subject="agent"),
        Trigger("hands_on", r"(?:get|gets|got|lay|lays|laid) (?:its|their|his) hands on|control of {org}|prise {org}|wrest(?:s|ed)? {org}", 1.2, subject="agent"),
        Trigger("went_to", r"(?:went|goes|sold(?: itself)?|is going|sells|sell|selling) to {org}(?:\W[\w'’-]+){0,5}?\W(?:for|in)\W", 1.3, subject="to"),
        Trigger("sold_for", r"(?:sold|sells|selling|sell) (?:\w+ ){0,3}?to {org}", 0.9, subject="to"),
        Trigger("deal_for", r"{money}(?:[- ]\w+){0,3}?[- ](?:deal|bid|offer|swoop|move|agreement|approach)(?: \w+)? (?:for|to (?:buy|acquire|take over)) ", 1.3, subject="agent owner by before", manner="planned"),
        Trigger("hired", r"(?:lur(?:e|es|ed|ing)|poach(?:es|ed|ing)?|hir(?:e|es|ed|ing)|licen[cs](?:e|es|ed|ing))[^.;]{0,80}?(?:{person}|{org}|engineers|founders|team|chief|technology|code)[^.;]{0,60}?{money}", 0.9, subject="agent to patient by"),
        Trigger("licence", r"(?:{money}[^.;]{0,60}?licen[cs]e (?:to|of) (?:its|the|their)|licen[cs](?:e|es|ed|ing)[^.;]{0,30}?(?:technology|code|models)[^.;]{0,50}?{money})", 1.3, subject="from patient agent to by"),
        Trigger("hired", r"(?:founders?|team|engineers|staff|researchers|chief)[^.;]{0,50}?(?:join\w*|went|go|goes|back|move\w*|return\w*) (?:back )?(?:to )?{org}[^.;]{0,60}?{money}", 1.25, subject="to agent patient"),
        Trigger("licence", words(r"licen[cs]e(?:s)?(?: to its code| deal)?", r"licensing (?:deal|fee)"), 0.7, subject="agent patient"),
        Trigger("name_the_price", words(r"name the price", r"take over", r"took over", r"taken over", r"price of the deal", r"whole of {org}"), 0.8, subject="agent"),
        Trigger("assets", r"{money}(?: in (?:cash|stock))?(?: \w+){0,2}? for (?:the assets of |most of |all of |control of )", 1.2, subject="agent by"),
    ),
    subject="agent owner by to",
    subject_types=BUSINESSES,
    fits=lambda q: q.size >= 1e5 and q.per is None,
    hypothetical=True,
    object="patient of for after",
    object_types=BUSINESSES,
)  # fmt: skip
