"""Penalties, damages and settlements."""

from processors.nlp.claims.kinds.base import BUSINESSES, Kind, Trigger, forms, words

AUTHORS = (
    r"authors(?! of (?:the|this|that|an?)\b)"
    r"(?!,? (?:calculat|sa[iy]|writ|wrote|not[ei]|f[io]und?|estimat|report|argu|conclud|stat|warn)\w*)"
)
"""Those who sue, not those of a paper who say what they found."""

KIND = Kind(
    name="fine",
    sort="money",
    triggers=(
        Trigger("fined", words(r"fin(?:ed|ing|es)", r"to fine"), 1.35, subject="patient after owner", reach=20),
        Trigger("fine", words(r"fines?", r"penalt(?:y|ies)", r"sanctions?"), 1.3, subject="on against owner patient for agent at", reach=18),
        Trigger("settlement", words(r"settlements?", r"damages", r"compensation", r"out[- ]of[- ]court"), 1.25, subject="owner agent by with from against of", reach=18, manner="planned"),
        Trigger("settled", words(r"settl(?:e|es|ed|ing)"), 1.25, subject="agent by owner patient", reach=20, manner="planned"),
        Trigger("ordered", words(r"(?:ordered|told|condemned|sentenced)(?: by [\w ]{1,40})? to pay", r"must pay", r"(?:to|will) pay (?:\w+ ){0,2}?{money}[^.;]{0,50}?(?:settle|over|claims|lawsuit|case|breach|violat)", r"disgorge\w*", r"lawsuit", r"forfeit\w*"), 1.0, subject="agent patient by"),
        Trigger("hit", rf"{forms('slap hit/hit impose levy')}[^.;]{{0,40}}?{{money}}", 0.85, subject="patient on with after"),
        Trigger("made_to_pay", r"(?:regulators?|watchdogs?|courts?|jury|judges?|authorit(?:y|ies)|tribunal|commission|agency|government|state)\W(?:[\w'’-]+\W){0,4}?(?:made|makes|make|ordered|orders|told|forced|forces|wants?|demands?|seeks?|award(?:s|ed)?)\W(?:[\w'’-]+\W){0,4}?(?:pay|hand|cough up)?[^.;]{0,20}?{money}", 1.3, subject="patient from after agent"),
        Trigger("made_to_pay", rf"{forms('make/made force order tell/told')} (?:{{org}}|(?-i:[A-Z][\w.]+))(?: to)? pay\W(?:[\w'’-]+\W){{0,3}}?{{money}}", 1.45, subject="within patient"),
        Trigger("lawsuit", words(r"law-?suits?", r"piracy", r"plaintiffs?", r"class action", r"copyright", r"antitrust", r"breach(?:es)?", r"sued?", r"suing", r"privacy (?:watchdog|regulators?|authority)", AUTHORS, r"violat\w+", r"illegal\w*", r"infring\w+"), 0.72, subject="agent owner from by patient", reach=14),
        Trigger("must_pay", r"(?:must|has to|have to|had to|was told to|is to) (?:pay|hand|give)\W(?:[\w'’-]+\W){0,4}?{money}", 0.95, subject="agent"),
        Trigger("out_of", r"{money} (?:out of|from) {org}[^.;]{0,12} (?:over|in|for|after) ", 1.25, subject="of from"),
        Trigger("pays_over", r"(?:pay|pays|paid|paying)\W(?:[\w'’-]+\W){0,3}?{money}\W(?:over|after|for (?:breach\w*|violat\w+|mis\w+|infring\w+))(?! \w+ years)", 1.35, subject="agent"),
        Trigger("collected", rf"{forms('collect extract wring recover squeeze relieve dock')}\W(?:[\w'’-]+\W){{0,3}}?{{money}}", 1.3, subject="from of patient", context=r"court|case|claim|accus|attorney|regulator|authority|commission|harvest|privacy|law|breach|fin(?:e|ed)\b"),
        Trigger("out_of", r"(?:took|takes?|taken|taking|knock(?:s|ed)|strip(?:s|ped)) {money} off (?:{org}|(?:its|the|their) (?:\w+ ){0,2}?(?:maker|company|firm|developer|owner|start-?up|group|lab|parent))", 1.4, subject="off"),
        Trigger("closed_case", r"{money}[^.;]{0,40}?(?:to )?(?:clos|end|settl|resolv|bury)\w* (?:the|a|its|an?) (?:\w+ ){0,2}?(?:case|claims?|suit|lawsuit|action|affair|dispute|probe)", 1.45, subject="agent owner by"),
        Trigger("docked", rf"{forms('dock relieve')} {{org}}(?:['’]s \w+)? (?:of )?{{money}}", 1.4, subject="patient"),
        Trigger("relieved", r"(?:relieved|docked|stripped) (?:{org}|[\w'’-]+)(?:['’]s [\w-]+)? (?:of )?{money}", 1.4, subject="patient"),
        Trigger("in_court", r"(?:seek|demand|claim|want|sue)\w* {money}[^.;]{0,60}?(?:court|damages|lawsuit|accus\w+|alleg\w+|infring\w+|copyright)|{money}[^.;]{0,100}?(?:seek|demand|claim|su)(?:s|ing|ed|es)? (?:from )?[^.;]{0,50}?(?:in court|damages|lawsuit)", 1.2, subject="from of against patient"),
        Trigger("affair", r"{money} (?:in|over) (?:a |the )?(?:similar |same )?(?:affair|case|lawsuit|suit|dispute|probe)", 1.3, subject="agent"),
        Trigger("owes", forms("owe"), 0.75, subject="agent", context=r"fin(?:e|ed|es)\b|penalt|court|regulator|watchdog|damages|settle|breach|authority"),
    ),
    subject="patient agent owner on against",
    subject_types=BUSINESSES,
    spare_types=frozenset({"product", "person"}),
    base=lambda q: 0.8 if q.per == "per_book" else 0.0,
    fits=lambda q: q.size >= 1e2 and q.per != "per_book",
    object="agent by to with in",
    object_types=frozenset({"agency", "country", "company", "other"}),
)  # fmt: skip
