"""Words that any news has, by how many reports have them: a judgement of ours, in three steps.

They keep a small batch from taking what all news share for what its texts share.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


EVERYWHERE = _words(
    """
    a about above according after again against all also am an and any are arent as at be
    because been before being below between both but by can cannot could couldnt did didnt do
    does doesnt doing dont down dr during each few for from further had has have having he her
    here hers herself hes him himself his how i if im in into is isnt it its itself ive just
    lets like may me might more most mr mrs ms my myself new no nor not of off on once one only
    or other our ours out over own said same say says she shes should shouldnt so some such than
    that thats the their theirs them themselves then there theres these they theyre this those
    through to told too two under until up very was wasnt we were werent weve what whats when
    where which while who whom why will with wont would wouldnt you your youre yours
    """
)
"""Articles, pronouns and the like: no sign of anything."""

OFTEN = _words(
    """
    across add added ago along already america among announced announcement another april around
    august away back based began begin best better big billion business call called came case
    cent chief city close come companies company cost country day days deal december despite
    dollar early eight end euro every executive expect expected family february find first five
    follow followed following former found four friday general get give given go going good got
    government great group half help high home hour hours however include including
    international january july june keep know last late later lead leading least led left less
    life long look made major make making man many march market men million minister monday
    month months morning move much national near need news next night nine november now number
    october official officials old open part people per percent place plan plans point president
    price public put report reported reporting reports right run saturday saying second see
    september service services set seven several share shares show since six small start started
    state statement states still sunday system take taken team tell ten think third though three
    thursday time today took top tuesday turn united use used using want wanted way wednesday
    week weeks well within without woman work working world year years yesterday
    """
)
"""In about one report of seven."""

AT_TIMES = _words(
    """
    able actor actress age agency agreement ai air airport analyst annual answer area army
    arrest artificial attack attorney authorities authority available average bank baseball
    basketball bill board bomb book born bought building buy campaign candidate car center
    central centre ceo chairman championship change charge charged child children chip clear
    cloud coach comment commission committee community computer concern conference congress
    consumer contract corporation county court crime current customer cut damage data daughter
    dead death decision decrease developer device die died different digital director disease
    district doctor drive driver drug earnings earthquake east economic economy effort election
    email employee energy event factory fall father fell field film final finance financial fire
    firm flight food football force forecast foreign founder free friend full fund future game
    gas goal governor growth hard head health history hospital hotel house human husband
    important increase industry intelligence internet interview investigation investment
    investor issue job judge key kill killed killing large law lawyer league letter likely local
    lose loss lost low magazine main maker manager manufacturer match mayor media medical
    meeting member message military mobile model money mother movie music negotiation network
    newspaper north office officer oil online original paid paper party past patient pay payment
    phone plane plant play player police policy political politics possible power prison private
    problem product production profit program project purchase quarter quarterly question radio
    rate real recent record region regulation regulator research researcher resident restaurant
    result revenue rise risk river road rose rule sale school science scientist score season
    security sell senate serious ship shop short shot similar single site social software sold
    son source south special spokesman spokeswoman sport staff star startup stock store storm
    story street strong student study supplier talk tech technology television total town trade
    train training travel treatment true tv union university user vehicle victim vote voter war
    water weapon weather web website west wife win won word worker writer young
    """
)
"""In about one report of 25."""

KNOWN_NAMES = _words(
    """
    amazon american apple britain british california china chinese english europe european
    facebook french german google india indian japan japanese korea london microsoft nvidia
    openai russia russian texas u.s u.s. washington york
    """
)
"""Names that this beat is full of: as often, and still names."""

COMMON_WORDS = EVERYWHERE | OFTEN | AT_TIMES
