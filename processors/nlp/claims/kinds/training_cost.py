"""Money to train or build a model, its computing bill included."""

from processors.nlp.claims.kinds.base import BUSINESSES, Kind, Trigger, forms, words

_MODEL = (
    r"(?:{model}|(?<![\w-])(?:models?|LLMs?|chatbots?|neural net(?:work)?s?|reasoners?|version of|systems?"
    r"|systems that))"
)
_MAKE = forms(
    "train pre-train pretrain retrain fine-tune finetune tune distil distill build/built develop "
    "teach/taught create make/made replicate reproduce "
    "rebuild/rebuilt recreate re-create reimplement clone post-train"
)
_TRAIN = words(
    r"(?:pre-?|post-?|re-?)?train(?:s|ed|ing)?(?! data)", r"fine-?tun(?:e|es|ed|ing)", r"tuned?",
    r"taught", r"school(?:ed|ing)", r"teaching", r"reinforcement[- ]learning (?:phase|stage|step|run)s?", r"training (?:run|bill|cost|budget)s?", r"pre-?training",
)  # fmt: skip

KIND = Kind(
    name="training_cost",
    sort="money",
    triggers=(
        Trigger("trained", _TRAIN, 1.15, subject="agent owner by of at patient", reach=22),
        Trigger("made", rf"{_MAKE}\W(?:[\w'’-]+\W){{0,6}}?{_MODEL}", 1.15, reach=22),
        Trigger("made", rf"{_MODEL}[^.;]{{0,40}}?{forms('build/built develop train make/made tune')}", 1.0, subject="agent by owner", reach=20),
        Trigger("ate", rf"{_MODEL}(?:,?\W[\w'’-]+){{0,4}}?,?\W(?:swallow|eat|ate|devour|gobble|consum|guzzl|absorb|took|taken|needed|required|run to|ran to)\w*(?: up)?\W(?:[\w'’-]+\W){{0,3}}?{{money}}", 1.15, subject="owner agent of by"),
        Trigger("in_the_making", r"{money}(?:\W[\w'’-]+){0,3}?\W(?:to make|in the making|to create|before it was ready)|(?:making|creating|development of) {model}", 1.0, subject="agent owner by"),
        Trigger("run", words(r"training (?:run|bill|cost|budget|compute)s?", r"(?:run|runs) at the frontier", r"compute (?:bill|costs?)", r"(?:dollars )?in compute", r"cost of compute"), 1.0, subject="agent owner of at patient"),
        Trigger("run", r"(?:compute|computing|training|development) (?:budget|bill|costs?|outlays?|spend) (?:for|of|on|behind) (?:\w+ ){0,3}?{model}", 1.45, subject="owner agent of at patient before"),
        Trigger("run", r"{money} (?:training |final |pre-?training )?run(?![\w-]|\W?rate)", 1.2, subject="owner agent of at by before"),
        Trigger("run", rf"{forms('price estimate put peg reckon value')} (?:the|this|that|its|each) (?:training |whole |final )?(?:run|job|effort|exercise|training) at {{money}}", 1.35, subject="of owner patient before", context=r"train|{model}"),
        Trigger("went_into", r"{money}\W(?:[\w'’]+\W){0,3}?into (?:training|pre-?training|fine-tuning|building|making|developing|creating) ", 1.5, subject="owner agent by of patient"),
        Trigger("made", rf"{forms('bring/brought coax')}\W(?:[\w'’-]+\W){{0,4}}?{_MODEL}(?: {{model}})? (?:to life|into (?:being|existence|the world|life))", 1.2, subject="agent by owner of at patient", reach=24),
        Trigger("it_took", rf"(?<![\w-])it (?:has |had )?(?:took|takes?|taken|cost|costs) (?:[\w'’-]+ ){{0,3}}?{{money}}[^.;]{{0,90}}? to {forms('train build create develop get teach turn produce finish tune fine-tune bring make')}", 1.2, subject="within patient by owner of at", context=r"{model}|(?:language|foundation|reasoning|frontier|open) models?|chatbot|LLM"),
        Trigger("made", r"(?:turn|transform|convert|remake)(?:s|ed|ing)? {model} into", 1.15, subject="agent by", reach=24),
        Trigger("compute", r"{money} (?:of|in|worth of) (?:\w+ )?(?:compute|computing)", 1.25, subject="agent by owner", context=r"reinforcement|re-?creat|replicat|reproduc|re-?train|fine-?tun|train"),
        Trigger("run", r"put(?:s|ting)? the (?:compute|computing|training|bill|cost)[^.;]{0,30}? at {money}", 1.4, subject="of for patient", context=r"{model}|train"),
        Trigger("spent", rf"{forms('spend/spent invest cost put/put use')}\W[^.;]{{0,90}}?(?:in|on|into)\W(?:[\w'’-]+\W){{0,4}}?{_MODEL}(?![\w-]*\s(?:company|maker|developer))", 1.2, subject="agent", reach=18),
        Trigger("cost", rf"{_MODEL}[^.;]{{0,50}}?{words('cost', 'costs', 'costing', 'outlay', 'bill', 'took', 'price tag', 'had taken')}", 0.8, subject="patient owner of agent before", reach=6),
        Trigger("outlay", words(r"outlay(?: on the model)?", r"the (?:bill|exercise|true cost|latest run|whole thing)", r"development cost", r"final (?:training )?run"), 0.75, subject="owner of at agent patient before", context=r"train|models?(?!\w)|{model}|GPU|teach|tun(?:e|ing)"),
        Trigger("compute", rf"(?:compute|computing(?: power| time)?|GPUs?|electricity)\W(?:[\w'’-]+\W){{0,3}}?(?:behind|that made|that went into|used for|to make)\W(?:[\w'’-]+\W){{0,3}}?{_MODEL}", 1.4, subject="agent by owner"),
        Trigger("claim", rf"(?:claims?|built|builds?|offers?|trained)[^.;]{{0,30}}?{_MODEL} (?:from scratch )?for\s{{money}}", 1.2, subject="agent before"),
    ),
    subject="agent owner by of at patient before",
    subject_types=BUSINESSES,
    spare_types=frozenset({"model", "product", "person"}),
    fits=lambda q: 10 <= q.size <= 2e10 and q.per is None,
    excludes=(
        r"AI training and inference|train(?:ing)? and (?:serv(?:e|ing)|run(?:ning)?|inference|deploy(?:ing|ment)?)(?!\w)|training (?:centre|center|data|camp|programme|program|course)s?"
        r"|to train (?:\w+ ){0,2}(?:workers|people|students|teachers|staff|officials|engineers)"
    ),
    shuns=r"from|based on|on top of|built on|than|atop",
    object="patient of after before",
    object_types=frozenset({"model", "product"}),
)  # fmt: skip
