"""Money that an organisation or a state puts in: capital projects, stakes, chips, compute."""

from processors.nlp.claims.kinds.base import BUSINESSES, ORGANISATIONS, Kind, Trigger, forms, words

_SITE = (
    r"(?<![\w-])(?:data[- ]?cent(?:re|er)s?|campus(?:es)?|complex|supercomputers?|facility|facilities"
    r"|factor(?:y|ies)|fabs?|plants?|sites?|hub|clusters?|infrastructure|project|cloud|chips?"
    r"|processors?|GPUs?|servers?|capacity|machines?|research|AI)(?![\w-])"
)
_PLACE = (
    r"(?:data[- ]?cent(?:re|er)s?|campus(?:es)?|complex|supercomputers?|(?:AI |giga)?factor(?:y|ies)"
    r"|fabs?|plants?|hub|clusters?)(?![\w-])"
)
_CAPITAL = words(
    r"capex", r"cap-ex",
    r"capital[- ](?:spending|expenditures?|outlays?|investments?|projects|expenses|budget|costs)",
    r"(?:AI|R&D|infrastructure|data[- ]?cent(?:re|er)|research|computing|chip|cloud|tech|technology)[- ](?:spending|spend|expenditures?|outlays?|investments?|budget|bill)",
    r"spending (?:plans?|on|budget|programme)", r"bill for (?:AI|chips|computing|data centres?)",
    r"purchases?(?= (?:at|of {chip}))", r"budget for",
)  # fmt: skip

KIND = Kind(
    name="investment",
    sort="money",
    triggers=(
        Trigger("capital", _CAPITAL, 1.1, subject="owner at by agent of for"),
        Trigger("invested", words(r"(?:re-?|co-?)?invest(?:s|ed|ing)?", r"investments?(?! (?:bank|firm|round|adviser))"), 1.0, subject="agent by owner from of at in"),
        Trigger("spent", forms("spend/spent"), 0.95, subject="agent by owner"),
        Trigger("put_in", forms("plough plow pour pump sink/sank/sunk inject splash funnel shovel channel lavish stump fork splurge throw/threw/thrown pile gamble wager shell cough underwrite bankroll mobilise mobilize muster marshal wire disburse deploy") + r"(?: (?:out|up|in))?", 1.0, subject="agent by owner"),
        Trigger("put_into", r"(?<!\w)(?:(?:lay|lays|laid|laying) out\W(?:[\w'’-]+\W){0,3}?{money}|(?:put|puts|putting) (?:up |in |another )?{money} (?:of \w+ \w+ \w+ )?(?:in|into|toward|up|behind))", 1.05, subject="agent by"),
        Trigger("put_into", r"{money}\W(?:[\w'’]+\W){0,6}?(?:means to put|will put|is putting|has put|put) (?:into|toward)", 1.1, subject="agent"),
        Trigger("received", rf"{_SITE}(?:\W[\w'’-]+){{0,2}}?\W(?:receiv\w+|get|gets|got|draw|draws|drew|attract\w*) {{money}}", 1.35, subject="from by"),
        Trigger("bill", r"{money}[- ](?:bill|tab|invoice) for|(?:shar|split|foot|pick|settl)\w* (?:up )?the (?:{money}[- ])?(?:bill|tab)\b", 1.25, subject="agent by"),
        Trigger("divided_cost", rf"{forms('divide share split')}\W(?:its|the|their) (?:cost|bill|price)[^.;]{{0,12}}?{{money}}", 1.25, subject="agent by"),
        Trigger("came_up_with", r"(?:came|come|comes|coming) up with {money}|with {money}(?= for (?:it|the \w+)\b)", 1.2, subject="agent before"),
        Trigger("built_at_cost", r"(?:at a cost of|at the cost of|price tag of|costing|for all of) {money}", 0.95, subject="agent by owner before", context=r"data[- ]cent|factory|campus|cluster|supercomputer|plant|hub|site|{chip}|gigawatt"),
        Trigger("bill_comes", r"(?:the|its|their) (?:bill|tab|cost|order)[^.;]{0,30}? {money}", 1.2, subject="owner agent patient", context=r"order(?:ed|s|ing)?|{chip}|GPUs|chips"),
        Trigger("bill_comes", r"(?:the|its|their) (?:bill|tab|cost)[^.;]{0,30}? {money}", 1.0, subject="owner agent patient", context=r"AI factory|campus|data[- ]cent|supercomputer|plant(?!\w)|hub(?!\w)"),
        Trigger("for_place", rf"{{money}} (?:for|on|in|into|towards?) (?:an?|the|its|their|new|two|three|more|building) (?:[\w'’-]+ ){{0,3}}?{_PLACE}", 1.1, subject="agent by owner from of"),
        Trigger("it_eats", rf"(?:{_PLACE}|{{product}})(?: will| would| has| is to| could)? (?:swallow|eat|devour|gobble|consume|absorb)(?:s|ed|d|n)?(?: up)? {{money}}", 1.1, subject="owner agent by", context=r"data[- ]cent|campus|cluster|supercomputer|gigawatt|factory"),
        Trigger("from_each", r"{money}(?: or so| more)? (?:from|by) {org}", 0.8, subject="from by", context=r"spending|capex|capital (?:spending|expenditure|outlay)|outlays?|splurge"),
        Trigger("gave_to", rf"{forms('hand give/gave/given lend/lent slip wire advance offer inject promise pledge')} (?:the|its|this|that) (?:[\w-]+ ){{0,2}}?(?:start-?up|company|firm|lab|maker|group|venture|outfit|developer|business|upstart|unicorn) {{money}}", 1.2, subject="agent by"),
        Trigger("so_much", rf"{{money}}\W+(?:so|that|this)(?: much)?(?: is what| did| does|,)*\W(?:[\w'’-]+\W){{0,3}}?{forms('put/putting sink/sank pour spend/spent invest plough')}", 1.2, subject="agent"),
        Trigger("gave_to", r"(?:pledg|commit|promis|hand|giv|gave|wir|slip|grant|award)\w* (?:over )?(?:a further |another )?{money} to {org}", 1.35, subject="agent by"),
        Trigger("bought_into", forms("buy/bought") + r" into {org}", 1.6, subject="agent by"),
        Trigger("financed", rf"{_SITE}[^.;]{{0,50}}?(?:financ|bankroll|paid for)\w*[^.;]{{0,30}}?{{money}}", 1.1, subject="owner agent by patient"),
        Trigger("it_cost", r"(?:it|this|that|which|they|phase|stage|site|project|campus)(?: will| has| is to)? (?:cost|costs)[^.;]{0,40}?{money}", 1.1, subject="agent owner by", context=r"data[- ]cent|GPUs|{chip}|{chips}|cluster|campus|factory|supercomputer"),
        Trigger("stock", r"(?:buy|buys|bought|buying|purchas\w+|took|take|takes|acquir\w+)\W(?:[\w'’-]+\W){0,3}?{money} (?:worth )?(?:of|in) (?:[\w'’-]+ ){0,2}?(?:stock|shares|equity)", 1.6, subject="agent by"),
        Trigger("pledged", words(r"sign(?:s|ed|ing)? up for", r"(?:bound|binds|binding) (?:itself|themselves) to", r"pledg(?:e|es|ed|ing)", r"commit(?:s|ted|ting)?", r"commitments?", r"promis(?:e|es|ed|ing)", r"vow(?:s|ed)?", r"earmark(?:s|ed|ing)?", r"set(?:s|ting)? (?:{money} )?aside", r"allocat(?:e|es|ed|ing)", r"budget(?:s|ed)?", r"devot(?:e|es|ed|ing)", r"dedicat(?:e|es|ed|ing)", r"approv(?:e|es|ed|ing)", r"releas(?:e|es|ed|ing)", r"unlock(?:s|ed)?", r"awarded", r"ring-?fenc(?:e|es|ed|ing)"), 0.8, subject="agent by owner from", manner="planned"),
        Trigger("went_on", r"{money}\W(?:[\w'’]+\W){0,2}?(?:went|goes|is going|will go) (?:on|to|towards?|into) (?:\w+ ){0,3}?(?:capital|AI|chips|data|infrastructure|computing|{chip})", 1.15, subject="at by of owner agent"),
        Trigger("paid_for_site", rf"{forms('pay/paid')}\W(?:[\w'’-]+\W){{0,2}}?{{money}} for [^.;]{{0,50}}?(?:(?:super-?)?computers?|machines?|clusters?|data cent(?:re|er)s?|campus)(?![\w-])", 1.25, subject="agent by"),
        Trigger("put_into", rf"(?:{{org}}|(?:venture|investment|capital) (?:arm|fund|unit)|its fund)(?:, [^,.;]{{1,40}},)? (?:has |have |had )?(?:since |already |now )?{forms('put pour pump invest sink/sank/sunk plough plow')} {{money}} (?:in|into) (?:[\w'’-]+ ){{0,4}}?(?:start-?ups|companies|firms|ventures)(?![\w-])", 1.6, subject="within owner agent"),
        Trigger("contributed", words(r"contribut(?:e|es|ed|ing|ions?)", r"chip(?:s|ped|ping)? in", r"suppl(?:y|ied|ies|ying)", r"added", r"back(?:s|ed|ing)?", r"backer", r"subsid(?:y|ies|ise|ised|ising)", r"grants?", r"aid for", r"bankroll(?:s|ed|ing)?", r"financ(?:e|es|ed|ing) (?:the|a|its|new)", r"stakes? in", r"a stake", r"lend(?:s|ing)?|lent", r"fund(?:s|ed)? (?:the|a|its)"), 0.75, subject="agent by owner of from"),
        Trigger("paid_for_site", rf"(?:loans?|bonds?|debt|foot(?:s|ed|ing)? the bill|pay(?:s|ing)? for|paid for|financ(?:e|es|ed|ing)(?! (?:chief|minister|ministry|head|director|boss|officer|department)))[^.;]{{0,40}}?(?:{_SITE}|{{chip}})", 0.85, subject="agent owner for by", reach=14),
        Trigger("purchases", r"{money} (?:of|in|worth of) (?:purchases|orders|spending|outlays|equipment|hardware|investment)", 1.25, subject="agent by"),
        Trigger("fit_out", rf"(?:cost|costs|spend\w*|spent|pay\w*|paid|need\w*|{{money}})[^.;]{{0,60}}?(?:fit|kit|equip|expand|build|erect|construct|extend|stock|fill|supply|power)(?:s|ing|ed)?(?: out)?\W(?:[\w'’-]+\W){{0,3}}?{_SITE}", 1.0, subject="agent patient owner by"),
        Trigger("cheque", words(r"cheques?", r"checks? for"), 1.15, subject="agent by", reach=12),
        Trigger("bought", rf"{forms('buy/bought/buying order purchase/bought acquire rent lease procure')}\W(?:[\w'’-]+\W){{0,4}}?{{money}}(?: (?:worth|in|of|more|worth of|on))*\W(?:[\w'’-]+\W){{0,4}}?(?:{{chip}}|chips?|processors?|GPUs?|servers?|capacity|compute|computing|equipment|hardware|power|accelerators?)", 1.45, subject="agent by"),
        Trigger("worth", r"(?:contracts?|orders?|(?:supply|cloud|compute|computing|chip|power) deals?|leases?|commitments?|servers?|chips?|processors|hardware|equipment|infrastructure|systems|capacity|GPUs?|tie-up|partnership)(?:\W[\w'’{}\ue000-\uf8ff-]+){0,10}? worth (?:of )?{money}", 1.5, subject="agent owner of by with from", manner="planned"),
        Trigger("worth", r"{money}(?:[- ]worth of|'s worth of|’s worth of)? (?:\w+ )?(?:cloud|compute|computing|chip|hosting|infrastructure|server|data[- ]cent(?:re|er))s? (?:contract|deal|agreement|order|pact|lease|services|capacity|orders)", 1.3, subject="agent owner with of by", manner="planned"),
        Trigger("worth", r"(?:deals?|agreements?|pacts?|tie-up|partnership)(?:\W[\w'’-]+){0,8}? worth (?:of )?{money}", 1.25, subject="agent owner of by with from", manner="planned"),
        Trigger("stake", r"(?:{money}[^.;]{0,50}?stake in|stake (?:in|of)[^.;]{0,60}?{money}|(?:per cent|percent|%|tenth|fifth|quarter|third|half|share|slice|minority stake) of {org}(?!'s))", 1.3, subject="agent by owner"),
        Trigger("won_order", r"(?:wins?|won|lands?|landed|secur\w+|gets?|got|receiv\w+|bags?|clinch\w*)\W(?:[\w'’-]+\W){0,3}?{money}(?:[ -][\w-]+){0,3}?[ -](?:orders?|contracts?|deals?) from", 1.65, subject="from", manner="planned"),
        Trigger("oblige", r"(?<!\w)(?:rent(?:ing|ed)?|hir(?:e|ing|ed)|leas(?:e|ing|ed)|pay for|use of)\W(?:[\w'’-]+\W){0,4}?{money}|{money} of (?:\w+ )?(?:computing|compute|cloud|chips?|capacity|hardware)", 1.1, subject="agent by"),
        Trigger("contract", words(r"contracts?(?! value)", r"orders?(?! to)", r"compute deal", r"cloud deal", r"supply deal"), 0.7, subject="agent owner by with of", manner="planned"),
        Trigger("site", rf"(?:an?|the|its|new|their|this|{{org}}['’]s|first|giant|huge|planned|whose) (?:\w+ )?{{money}}(?:[- ](?!that|which|to|for|vehicle)\w[\w-]*){{0,2}}?[- ]{_SITE}", 1.15, subject="agent by owner of patient"),
        Trigger("site", rf"{_SITE}(?:\W[\w'’-]+){{0,6}}?\W(?:cost(?:s|ing)?|worth|price tag of|valued at|cost at) (?:of )?{{money}}", 0.95, subject="agent by owner of before"),
        Trigger("site", rf"{words(r'projects?', r'campus', r'complex', r'supercomputer', r'data[- ]cent(?:re|er)s?', r'exascale', r'machine', r'gigafactor(?:y|ies)', r'infrastructure', r'hub', r'energy', r'chipmaking', r'fab')}", 0.5, subject="agent by owner"),
        Trigger("paid_for_use", rf"{forms('pay/paid hand give/gave')}\W(?:{{org}}|[\w'’-]+\W)(?:[\w'’-]*\W){{0,3}}?{{money}}[^.;]{{0,40}}?(?:for|to)\W(?:\w+\W){{0,3}}?(?:use|room|space|capacity|access|rights|licen[cs]e|content|data|compute|computing|rent|hosting|power|services?|cloud|chips|archives?)", 1.3, subject="agent by"),
        Trigger("funding_for", r"{money} (?:in|of|for) (?:\w+ )?(?:AI|chips?|semiconductors?|computing|compute|research|infrastructure|quantum|data cent)", 0.9, subject="agent by owner from of"),
        Trigger("meant_for", r"{money}\W(?:is|are|was|were|will be|to be|will)\W(?:meant |destined |reserved |intended |invested |spent |set aside |go |going )?(?:for|in|on|to|into|towards?)\W", 0.6, subject="agent owner by"),
        Trigger("plan", words(r"plan for", r"investment plan", r"spending plan", r"initiative", r"programme", r"program"), 0.6, subject="agent owner by of"),
        Trigger("bet", words(r"bets?", r"betting", r"buildout", r"build-out", r"splurge", r"outlays?(?! on the model)", r"expenditures?"), 0.7, subject="agent owner of at by"),
    ),
    subject="agent by owner at of from",
    subject_types=ORGANISATIONS,
    fits=lambda q: q.size >= (1e6 if q.per == "per_month" else 1e4) and q.per not in {"per_million_tokens", "per_share", "per_hour", "per_user"},
    object="into in on for to with of patient after",
    object_types=BUSINESSES | {"chip", "product"},
)  # fmt: skip
