"""Figures that are no claim; each competes for a figure like a kind, and wins it away."""

from processors.nlp.claims.kinds.base import Kind, Trigger, words

MARKET = Kind(
    name="market",
    sort="money",
    claim=False,
    triggers=(
        Trigger("capitalisation", words(r"market(?:'s|’s)? (?:value|cap|caps|capitali[sz]ations?|worth)", r"stock[- ]market value", r"capitali[sz]ation", r"wip(?:e|es|ed|ing)", r"valued on the exchange"), 1.7, reach=22),
        Trigger("share_price", words(r"shares? (?:price|fell|rose|slid|jumped|climbed|closed|dropped|soared|surged|gained|tumbled|plunged|slumped)", r"per share", r"a share", r"(?:its|the|their|{org}['’]s) (?:stock|shares)", r"stock (?:price|slid|fell|rose|jumped|soared|closed)", r"(?:closed|opened|trading|traded) at", r"first day", r"index", r"price target", r"Nasdaq", r"S&P", r"Dow Jones"), 1.2, reach=20),
        Trigger("shares_move", words(r"(?:shares?|stocks?)\W(?:[\w'’]+\W){0,3}?(?:fall(?:s|en|ing)?|fell|drop(?:s|ped|ping)?|s[iau]nk|sinks|sinking|slid(?:e|es|ing)?|plung(?:e|es|ed|ing)|tumbl(?:e|es|ed|ing)|slump(?:s|ed|ing)?|ris(?:e|es|en|ing)|rose|soar(?:s|ed|ing)?|jump(?:s|ed|ing)?|surg(?:e|es|ed|ing)|rall(?:y|ies|ied|ying)|climb(?:s|ed|ing)?)"), 1.1, reach=12),
        Trigger("value_lost", words(r"eras(?:e|es|ed|ing)", r"shed(?:s|ding)?(?= {money})", r"los(?:t|es|ing)(?= {money} (?:in a (?:single )?(?:day|session)|(?:of|in) (?:(?:its|their) )?(?:market )?value))"), 1.6, reach=6),
        Trigger("dividend", words(r"dividends?", r"buy-?backs?", r"repurchas\w+", r"EPS", r"earnings per", r"per share"), 1.6, reach=20),
        Trigger("insiders", words(r"sell(?:ing)? (?:their|his|her) own", r"(?:his|her|their own) (?:own )?(?:stock|shares|stake)", r"insiders?(?! (?:say|said|told|reckon|claim))", r"owns? a stake", r"fortune", r"net worth", r"billionaires?", r"richest", r"wealth", r"salary", r"pay package", r"compensation package", r"signing bonus(?:es)?", r"bonus(?:es)?", r"personal"), 1.35, reach=20),
        Trigger("own_worth", r"(?:{person}(?:,[^,.;]{0,40},)? (?:is|was)(?: now)? worth|(?<!\w)(?:packages?|stakes?|shares|bonus(?:es)?|prizes?|awards?|options|stock|houses?)(?!\w)[^.;]{0,24}? worth(?: of)?) {money}", 1.7, reach=10),
        Trigger("own_pay", r"{person} (?:turned down|rejected|accepted|was offered|earns?|earned|(?:has |had )?pocketed) {money}|{money} (?:per|a|each|every) season(?![\w-])", 1.7, reach=6),
        Trigger("sold_stake", r"(?:sold|sells?|selling|offload(?:s|ed|ing)?|dump(?:s|ed|ing)?|unload(?:s|ed|ing)?)\W(?:[\w'’-]+\W){0,4}?(?:stake|stock|shares(?! on (?:[\w'’-]+ ){1,3}?(?:board|exchange|bourse|market))|holding)", 1.45, reach=14),
        Trigger("sector", r"into (?:[\w'’-]+ ){0,4}?(?:start-?ups|companies|firms)(?![\w-])", 1.35, reach=8),
        Trigger("sector", r"(?:start-?ups|companies|firms|ventures)(?: (?:the world over|worldwide|globally|everywhere|there|(?:in|across|around|from) (?:the )?[\w'’-]+))? (?:have |has |had |together |collectively )*(?:attracted|raised|drew|pulled in|took in|received|secured|got|landed|bagged) {money}", 1.6, reach=8),
        Trigger("maximum", r"(?:anyone|those who|companies|firms|offenders|violators|breaches|infringements?|violations?|non-compliance|developers|providers|operators)\b[^.;]{0,80}?(?:penalt|fine|punish)\w*[^.;]{0,14}?{money}", 1.7, reach=8),
        Trigger("maximum", r"(?:breach(?:es|ing)?|violat(?:ions?|ors?|ing)|infring(?:ements?|ers?|ing)|non-compliance|offences?|offenders?)(?![\w-])[^.;]{0,60}?(?:(?:can|could|may|might) (?:cost|bring|mean|attract|draw|carry|lead to|result in|incur|earn)|carr(?:y|ies)) (?:[\w-]+ ){0,4}?{money}|{money}[^.;]{0,60}?whichever (?:is|was|sum is)(?! not)", 1.7, reach=8),
        Trigger("maximum", r"(?:under|by) (?:\w+ ){0,3}?(?:law|act|statute|rules|code)(?![\w-])[^.;]{0,60}?(?:may|can|could|might) (?:\w+ )?(?:claim|seek|demand|recover|collect|be awarded|impose|levy|fine)", 1.5, reach=10),
        Trigger("needed", r"{money}(?: more)? (?:will|would|may|might|could|is|are|was|were) (?:still )?(?:be )?(?:needed|required|necessary)", 1.25, reach=6),
        Trigger("damage", r"{money} (?:of|in|worth of) damage(?![\w-])", 1.4, reach=8),
        Trigger("box_office", words(r"box[- ]office", r"cinemas?", r"ticket sales"), 1.5, reach=20),
        Trigger("lenders", words(r"owes? (?:its|their|the) (?:lenders|banks|creditors)", r"debts? (?:of|is|are|stands?)", r"in debt"), 1.2, reach=10),
        Trigger("assets", words(r"assets under management", r"AUM", r"under management", r"manages", r"minimum (?:ticket|investment|cheque)", r"had to put in", r"put in at least", r"accredited investors", r"(?:need|needs|needed|require[sd]?) {money} to get in"), 1.5, reach=20),
        Trigger("market_size", words(r"(?:global |world |total |addressable |AI |chip )*market (?:for|of|size|is|will|could|may|was|worth|to)", r"a market of", r"industry (?:could|will|is|was)", r"market could", r"trade (?:deficit|surplus|between)", r"GDP", r"the economy", r"economic (?:growth|value|output)", r"the world (?:to|will|would|is to|spends?|spent)", r"worldwide (?:\w+ ){0,2}(?:spending|sales|outlays|investment)", r"(?:spending|sales|outlays|investment) (?:on|in) [\w ]{1,20}? (?:worldwide|globally)", r"global (?:\w+ ){0,2}(?:spending|sales|outlays|investment)", r"(?:industry|sector)[- ]wide"), 1.9, reach=20),
        Trigger("trade", words(r"exports? (?:of|to|from|were|rose|fell|totall?ed|reached|hit|leapt|leap(?:ed)?|jumped|climbed|grew|surged|soared|came|topped|swelled)", r"imports?"), 1.8, reach=8),
        Trigger("maximum", words(r"regulators may", r"(?:fines|penalties) of up to", r"(?:fines|penalties) (?:can|could|may|might) (?:run|reach|amount|climb|go|be|hit)", r"can be (?:fined|made to pay|punished)", r"punishable", r"may impose", r"up to twice", r"maximum (?:fine|penalty)", r"statutory"), 1.5, reach=22),
        Trigger("elsewhere", words(r"profits?", r"earn(?:s|ed)? {money}", r"emergency aid", r"disaster", r"hurricane", r"storm-hit", r"satellites?", r"transfer(?:red)?", r"election", r"campaign", r"drug(?:s|maker)?", r"donat\w+", r"jets?", r"football", r"charity", r"prize", r"bounty", r"jackpot"), 0.95, reach=18),
        Trigger("backlog", words(r"backlog", r"remaining performance obligations?", r"order book", r"cash pile", r"in cash and (?:equivalents|securities)", r"war chest", r"richer", r"poorer"), 1.5, reach=16),
        Trigger("profit", words(r"(?:net |operating |core |gross |full-year )?(?:profits?|income|earnings|EBITDA)"), 1.3, reach=9),
    ),
)  # fmt: skip

USERS = Kind(
    name="users",
    sort="people",
    claim=False,
    triggers=(
        Trigger("users", words(r"users", r"attend\w*", r"customers", r"subscribers", r"victims", r"population", r"students", r"killed", r"visitors", r"downloads", r"viewers", r"families", r"signatories", r"protest\w*", r"die[sd]?", r"crowd", r"audience", r"readers", r"summit", r"patients", r"use (?:it|the|its)", r"using", r"lives", r"voters", r"citizens", r"residents", r"households", r"contribut\w+ to the survey", r"surveyed", r"polled", r"respondents", r"asked"), 1.3, reach=20),
    ),
)  # fmt: skip

OTHER_CHIPS = Kind(
    name="other_chips",
    sort="chips",
    claim=False,
    triggers=(
        Trigger("hours", r"(?:(?:GPU|chip|{chip}|A100|H100)s?|{chips})[- ]+(?:GPU[- ]|chip[- ])?hours?", 1.4, reach=6),
        Trigger("potato", words(r"potato", r"poker", r"casino", r"crisps"), 1.6, reach=20),
        Trigger("per", words(r"per (?:rack|server|node|system|box)", r"(?:rack|server|node|system|box)es? (?:of|with)"), 0.8, reach=4),
    ),
)  # fmt: skip

LIVES = Kind(
    name="lives",
    sort="date",
    claim=False,
    triggers=(
        Trigger("born", r"{person}(?:,| was| is|,? who (?:was|is)) (?:born|dead)|{person}(?:,? who)? died", 1.6, reach=5),
    ),
)  # fmt: skip
