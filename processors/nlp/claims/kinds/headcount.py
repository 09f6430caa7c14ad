"""People employed, hired or cut."""

import re

from processors.nlp.claims.kinds.base import BUSINESSES, Kind, Trigger, forms, words
from processors.nlp.quantities import Quantity

_OWN = re.compile(r"(?:employees?|staff(?:ers)?|workers|jobs?(?: cuts)?|contractors|annotators|redundancies|lay-?offs|headcount|positions|roles|team members)$", re.IGNORECASE)  # fmt: skip
_CUT = (
    forms("cut/cut/cutting shed/shed axe dismiss fire sack drop eliminate trim slash lose/lost")
    + "|"
    + words(
        r"replac(?:e|es|ed|ing)", r"la(?:id|y|ys|ying) off", r"let(?:s|ting)? go", r"lay-?offs?", r"job (?:cuts|losses)", r"redundan(?:t|cy|cies)",
        r"(?:are|is) (?:leaving|to go|to leave)", r"went under", r"shown the door", r"laid-off", r"shutting",
    )
)  # fmt: skip


def _noun(quantity: Quantity) -> float:
    return 0.6 if _OWN.search(quantity.noun) else 0.12


KIND = Kind(
    name="headcount",
    sort="people",
    triggers=(
        Trigger("cut", _CUT, 1.15, subject="agent by owner at patient", object="layoffs", reach=18),
        Trigger("employs", forms("employ hire recruit"), 1.0, subject="agent by owner"),
        Trigger("staff", words(r"roster", r"ranks", r"crew", r"work ?force", r"head ?count", r"payroll", r"staff", r"employees", r"workers", r"jobs", r"contractors", r"team of", r"staffed", r"staffing", r"personnel"), 0.8, subject="owner agent at of by"),
        Trigger("posts", r"(?:fill|creat|add|advertis|open)\w* {people}", 1.0, subject="agent by owner"),
        Trigger("work_for", r"{people} (?:now |currently |already |still )?(?:work|works|worked|toil|are employed) (?:(?:for|at) (?:the )?(?:\w+ ){0,2}?|in )(?:{org}|{product})|{people} (?:work|works|worked) (?:there|here)|then {people}|{people} strong|{org} (?:has|had|have|counts?|counted|numbers?) {people}", 1.0, subject="for at in agent owner"),
        Trigger("with", r"with (?:{people}|fewer|only)|(?:its|whose|their) {people}|{people} of its|(?:has|have|had) {people}(?! who)|of (?:its|their) {people}|{people} (?:at|in) {org}", 0.7, subject="holder agent owner before at"),
        Trigger("told_to_go", r"(?:told|asked|made) to (?:leave|go)|lose (?:their|its|his) jobs|(?:will|to) (?:go|leave|depart)|shown the door|are out", 0.9, subject="agent by owner at of", object="layoffs", reach=12),
        Trigger("moved", words(r"(?:will )?(?:switch|move|transfer|join)(?:s|ed)? (?:over|to|across)?"), 0.55, subject="to agent owner"),
    ),
    subject="agent owner at by before",
    subject_types=BUSINESSES,
    spare_types=frozenset({"agency", "product"}),
    base=_noun,
    fits=lambda q: 1 < q.size <= 5e6,
    excludes=r"(?:users|summit|conference|attend(?:s|ed|ing)?|protest|victims|passengers|students|fans|signed (?:a|the) (?:letter|petition)|readers|viewers|subscribers|customers use)",
)  # fmt: skip
