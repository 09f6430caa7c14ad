"""When a company was founded, or a model, chip or product came out."""

from processors.nlp.claims.kinds.base import BUSINESSES, Kind, Trigger, forms, words

KIND = Kind(
    name="date",
    sort="date",
    triggers=(
        Trigger("founded", words(r"(?:co-?)?found(?:ed|ing)", r"set up", r"establish(?:ed|es)?", r"incorporated", r"was born", r"began life", r"started (?:out|life|up)", r"dates? (?:back )?(?:to|from)", r"formed", r"spun (?:out|off)", r"sprang up", r"(?:come|came|comes|coming) into (?:being|existence)", r"started {org}"), 1.2, subject="patient agent of owner before after", object="founded", reach=9),
        Trigger("founded", r"(?:{org}|(?<![\w-])(?:company|firm|start-?up|lab|group|outfit|business)), born(?= (?:in|on) )", 1.2, subject="within patient agent before", object="founded", reach=5),
        Trigger("founded", r"{org}, (?:which|that) (?:[\w'’-]+ ){1,6}?(?:had )?(?:founded|started|set up|created|established)(?= (?:in|on) {date})", 1.35, subject="within", object="founded", reach=5),
        Trigger("created", rf"(?:{forms('create start launch')})\W(?:the \w+ )?{{org}}", 1.1, subject="patient after", object="founded", reach=9),
        Trigger("created", r"(?:(?:creat|start|launch|announc|unveil|found)(?:e?s|ed|ing|e)?) {org}", 1.05, subject="patient after", object="founded", reach=12),
        Trigger("began", r"{org} (?:was |first |only )?(?:started|began|opened(?: its doors)?|launched|got going|goes back|has existed|existed|emerged)(?: as(?: [\w-]+){1,5}?|(?: \w+){0,2}?) (?:in|on|since|to) {date}", 1.15, subject="agent patient", object="founded", reach=6),
        Trigger("since", r"(?:on the market|on sale|available|out|around|existed|offered|in use|been sold) (?:since|from)|since(?= {date} {product}| {date} {model})|(?:has|have) (?:been|offered)[^.;]{0,40}? since", 1.0, subject="agent patient owner", object="released", reach=9),
        Trigger("released", forms("release unveil publish debut introduce launch announce ship present unleash") + "|" + words(r"(?:came|come|comes|brought|bring) out", r"roll(?:s|ed)? out", r"g(?:ave|iven?|ives|iving) away(?= {model})", r"open-?sourced", r"opened (?:up )?to the public", r"went (?:live|on sale)", r"appeared", r"arrived", r"became (?:\w+ )?available", r"made (?:\w+ )?(?:available|public)", r"put out", r"put {model} (?:on|out|up)", r"hit the market", r"shown", r"premiered", r"made its (?:debut|bow)", r"first appeared", r"(?:see|sees|saw) the light(?: of day)?(?! in)", r"(?:is|are|was|not) due", r"due (?:in|by|out|until)", r"been open", r"followed", r"landed", r"was out", r"(?:let|lets|letting|set|sets|setting) {product} loose", r"(?:reach|reaches|reached|reaching|get to|gets to|got to|in the hands of|(?:go|goes|went) to) (?:its |their |the |paying |first |business |ordinary |early |some )*(?:buyers|customers|clients|users|developers|public|market|markets|shops|stores|shelves|subscribers)"), 1.1, subject="patient agent of before after", object="released", reach=9),
        Trigger("release", words(r"(?:release|launch|debut|unveiling|introduction|arrival|publication) of", r"['’]s (?:\w+ )?(?:release|launch|debut|unveiling)", r"release date"), 1.1, subject="of owner agent", object="released", reach=9),
    ),
    subject="patient agent of",
    spare_types=frozenset(),
)  # fmt: skip

FOUNDED_TYPES = BUSINESSES
RELEASED_TYPES = frozenset({"model", "chip", "product"})
