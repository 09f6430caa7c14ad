"""What queries find, as a table over a small newsroom: holds for every index, on every engine."""

import msgspec

from processors.records import Article, Mood
from tests.support.articles import article, claim, claim_in, entity


class Spec(msgspec.Struct, frozen=True):
    """``hits``: the slugs of all articles found, or the figures of all claims (``-``: none)."""

    title: str
    query: str
    hits: str


def _training() -> Article:
    body = (
        "Deep Harbour trained its Tern R1 model for $5.6 million, it said. The lower cost "
        "surprised rivals that use 2,000 H100s. GPT-4 is said to have cost $78 million."
    )
    return article(
        "training",
        body,
        title="Deep Harbour's cheap model",
        site_name="The Ledger",
        published_hours=0,
        authors=("Ada Ames", "Bo Quist"),
        language="en",
        section="Business",
        entities=(entity("Deep Harbour"), entity("Tern R1", "model"), entity("GPT-4", "model")),
        moods=(
            Mood(entity="deep-harbour", polarity="positive", score=0.184),
            Mood(entity="gpt-4", polarity="negative", score=-0.304),
        ),
        claims=(
            claim_in(
                body,
                "$5.6 million",
                "Deep Harbour trained its Tern R1 model for $5.6 million, it said.",
                kind="training_cost",
                low=5.6e6,
                subject="Deep Harbour",
                subject_id="deep-harbour",
                object="Tern R1",
                speaker="Mara Holm",
                modality="reported",
            ),
            claim("training_cost", 78e6, bound="about", subject="OpenAI", object="GPT-4"),
        ),
    )


def _spending() -> Article:
    body = "Meta will invest at least $65 billion this year. Its founder wrote to us on Friday."
    return article(
        "spending",
        body,
        title="Meta opens the purse",
        source="wire",
        site_name="Harbour Wire",
        published_hours=48,
        authors=("Ada Amesbury",),
        language="en-GB",
        section="business news",
        entities=(entity("Meta"), entity("Ada Altmann", "person")),
        moods=(Mood(entity="meta", polarity="negative", score=-0.7),),
        claims=(
            claim_in(
                body,
                "at least $65 billion",
                low=65e9,
                bound="at_least",
                subject="Meta",
                modality="planned",
            ),
            claim("headcount", 72_000, subject="Meta", unit="people"),
        ),
    )


def _controls() -> Article:
    return article(
        "controls",
        "The U.S. restricts exports of chips such as the H20 to China. Prices in C++ shops rose.",
        title="Export rules for AI chips",
        source="wire",
        site_name="Harbour Wire",
        hours=24 * 40,
        language="de",
        entities=(entity("United States", "country"), entity("China", "country")),
        claims=(
            claim("export_control", subject="United States"),
            claim("date", subject="H20", object="released", date="2026-Q1"),
        ),
    )


def _funding() -> Article:
    return article(
        "funding",
        "Low-cost start-ups raise money: one took $2 million, another $300 million, from Harbour.",
        title="GPT4 rivals: funding",
        site_name="The Ledger",
        story="a-story",
        event="an-event",
        original=False,
        published_hours=-24 * 300,
        entities=(entity("Harbour", "fund"),),
        claims=(claim("funding", 2e6), claim("funding", 300e6), claim("valuation", 50e6)),
    )


def _lunch() -> Article:
    return article(
        "cafe",
        "A café in Nîmes. Nothing about models.",
        title="Lunch",
        source="notes",
        published_hours=11,
    )


NEWSROOM = (_training(), _spending(), _controls(), _funding(), _lunch())

SPECS = (
    Spec("nothing asked means everything", "", "training spending controls funding cafe"),
    Spec("all words must occur", "lower cost surprised", "training"),
    Spec("words of title and body count together", "purse founder", "spending"),
    Spec("a phrase keeps its order", '"lower cost"', "training"),
    Spec("a phrase does not match turned round", '"cost lower"', ""),
    Spec("a phrase lies in one text", '"purse meta"', ""),
    Spec("a hyphen is a space", '"low cost"', "funding"),
    Spec("a hyphened word is a phrase", "start-ups", "funding"),
    Spec("a model's name with a hyphen", "GPT-4", "training funding"),
    Spec("a model's name without one", "gpt4", "training funding"),
    Spec("a model's name with a space, in a phrase", '"gpt 4"', "training funding"),
    Spec("a chip in the singular", "H100", "training"),
    Spec("plural and singular meet", "chip", "controls"),
    Spec("the country by its letters", "US", "controls"),
    Spec("the country with dots", "U.S.", "controls"),
    Spec("us in lower case may be either", "us", "controls spending"),
    Spec("a figure with its currency", '"$5.6 million"', "training"),
    Spec("a figure in short", "$5.6M", "training"),
    Spec("a figure alone", '"5.6 million"', "training"),
    Spec("a name of one letter and a digit", "R1", "training"),
    Spec("C++ is not C", "C++", "controls"),
    Spec("thousands separators", "2000", "training"),
    Spec("accents", "cafe nimes", "cafe"),
    Spec("either word", "purse OR lunch", "spending cafe"),
    Spec("AND binds before OR", "lunch OR purse founder", "cafe spending"),
    Spec("parentheses bind first", "(lunch OR purse) founder", "spending"),
    Spec("without a word", "harbour -funding", "training"),
    Spec("NOT alone", "NOT model", "spending controls funding"),
    Spec("NOT of a choice", "-(model OR chips)", "spending funding"),
    Spec("NOT twice", "NOT NOT lunch", "cafe"),
    Spec("an entity by its id", "entity:deep-harbour", "training"),
    Spec("an entity by its name", 'entity:"Deep Harbour"', "training"),
    Spec("an entity by the end of its name", "entity:harbour", "training funding"),
    Spec("a person by the surname", "entity:altmann", "spending"),
    Spec("the start of a name is no name", "entity:deep", ""),
    Spec("an entity's name in another spelling", "entity:gpt4", "training"),
    Spec("a word that no entity has", "entity:lunch", ""),
    Spec("a source by its id", "source:wire", "spending controls"),
    Spec("a source by its name", 'source:"the ledger"', "training funding"),
    Spec("a source by a part of its name", "source:harbour", "spending controls"),
    Spec("not from a source", "-source:wire -source:ledger", "cafe"),
    Spec("a kind of claim", "claim:training_cost", "training"),
    Spec("a kind that nobody claims", "claim:loss", ""),
    Spec("under a figure", "claim:training_cost usd:<10M", "training"),
    Spec("over a figure", "usd:>1B", "spending"),
    Spec("a bound is exclusive", "usd:>65B", ""),
    Spec("a bound is inclusive", "usd:>=65B", "spending"),
    Spec("a figure exactly", "usd:5.6M", "training"),
    Spec("a range", "usd:70M..80M", "training"),
    Spec("a range lies within one claim", "claim:funding usd:10M..200M", ""),
    Spec("bounds and kind hold for one claim", "claim:funding usd:>40M usd:<60M", ""),
    Spec("another claim has that figure", "usd:>40M usd:<60M", "funding"),
    Spec(
        "each kind with its own figure", "claim:funding usd:>1M claim:valuation usd:<1B", "funding"
    ),
    Spec(
        "the second figure is of the second kind",
        "claim:valuation usd:>1M claim:funding",
        "funding",
    ),
    Spec("in parentheses it may be another claim", "claim:valuation (usd:>200M)", "funding"),
    Spec("no claim with such a figure", "claim:training_cost -usd:>50M", ""),
    Spec("a claim without a figure", "claim:export_control", "controls"),
    Spec("a word of the headline", "title:purse", "spending"),
    Spec("a word of the text is no headline", "title:founder", ""),
    Spec("a phrase of the headline", 'title:"export rules"', "controls"),
    Spec("the country in the headline or not at all", "title:us", ""),
    Spec("neighbours in any order", '"cost trained"~20', "training"),
    Spec("neighbours with so many words between them", '"trained million"~8', "training"),
    Spec("one word too many between them", '"trained million"~7', ""),
    Spec("neighbours in one text", '"purse founder"~100', ""),
    Spec("any two of several", '"chips prices shops"~11', "controls"),
    Spec("neighbours in the headline", 'title:"purse meta"~2', "spending"),
    Spec("the beginning of a word", "surpri*", "training"),
    Spec("of the word as it is written", "surpriseds*", ""),
    Spec("with accents", "caf* nîm*", "cafe"),
    Spec("of a number", "200*", "training"),
    Spec("of a word in the headline", "title:expo*", "controls"),
    Spec("a person", "person:altmann", "spending"),
    Spec("a company is no person", "person:meta", ""),
    Spec("a model by the end of its name", "model:r1", "training"),
    Spec("a model by its id", "model:tern-r1", "training"),
    Spec("an organisation of any kind", "org:harbour", "training funding"),
    Spec("no chip", "chip:r1", ""),
    Spec("a mood under a bound", "mood:meta<-0.3", "spending"),
    Spec("a mood to two decimals", "mood:gpt-4>=-0.3", "training"),
    Spec("a mood by name", 'mood:"Deep Harbour">0', "training"),
    Spec("a mood exactly", "mood:harbour=0.18", "training"),
    Spec("no mood is no neutral mood", "mood:altmann>-1", ""),
    Spec("somebody else's mood", "mood:meta>0", ""),
    Spec("an author by the surname", "author:ames", "training"),
    Spec("an author in full", 'author:"Ada Amesbury"', "spending"),
    Spec("the first name is not enough", "author:ada", ""),
    Spec("a language", "lang:en", "training spending"),
    Spec("a language with its region", "lang:EN-us", "training spending"),
    Spec("a section", "section:business", "training"),
    Spec("a section of two words", 'section:"Business News"', "spending"),
    Spec("a story", "story:a-story", "funding"),
    Spec("an event", "event:an-event", "funding"),
    Spec("a story that shares no event", "event:a-story", ""),
    Spec("what is no copy", "is:original", "training spending controls cafe"),
    Spec("copies only", "-is:original", "funding"),
    Spec("conditions in one claim", "claim:training_cost(usd<10M subject:harbour)", "training"),
    Spec("no one claim meets both", "claim:training_cost(usd<10M subject:openai)", ""),
    Spec("the subject by its id", "claim:training_cost(subject:deep-harbour)", "training"),
    Spec("the object of a claim", "object:r1", "training"),
    Spec("who says so", "speaker:holm", "training"),
    Spec("how sure it is", "modality:planned", "spending"),
    Spec("how sure, in the same claim", "claim:training_cost(modality:done usd<10M)", ""),
    Spec("a bound of the text", "bound:at_least", "spending"),
    Spec("beside the claim as well as inside", "claim:any(bound:about) usd:>50M", "training"),
    Spec("a number of people", "count:>70k", "spending"),
    Spec("a number is no figure in dollars", "claim:headcount(usd>1)", ""),
    Spec("dollars are no number", "count:>1M", ""),
    Spec("the date of a claim", "date:2026", "controls"),
    Spec("a month of its quarter", "date:2026-02", "controls"),
    Spec("a day after its quarter", "date:2026-04-01", ""),
    Spec("a date before", "date<2026-04", "controls"),
    Spec("a date that begins later", "date>=2026-02", ""),
    Spec("any claim", "claim:any", "training spending controls funding"),
    Spec("without such a claim", "claim:any -claim:any(modality:done)", ""),
    Spec("from a day", "after:2025-01-03", "spending controls"),
    Spec("a day begins at midnight", "before:2025-01-01", "funding"),
    Spec("between days", "after:2025-01-01 before:2025-01-03", "training cafe"),
    Spec("undated means fetched", "after:2025-02 before:2025-03", "controls"),
    Spec("filters and words", "source:wire chips after:2025-02-01", "controls"),
    Spec("other engines' syntax is text", "lunch AND _id", ""),
)

CLAIM_SPECS = (
    Spec(
        "nothing asked means every claim",
        "",
        "5.6M 78M 65B 72000people - released2026-Q1 2M 300M 50M",
    ),
    Spec("the claim's own kind", "claim:funding", "2M 300M"),
    Spec("the claim's own figure", "usd:>=50M usd:<100M", "78M 50M"),
    Spec("words in the claim's sentence", "trained", "5.6M"),
    Spec("words of another sentence do not count", "surprised", ""),
    Spec("words in the title", "purse", "65B 72000people"),
    Spec("the claim's own subject", "subject:meta", "65B 72000people"),
    Spec("the claim's own conditions", "claim:any(usd>1M modality:done)", "78M 2M 300M 50M"),
    Spec("the beginning of a word in its sentence", "train*", "5.6M"),
    Spec("the mood of its article", "mood:meta<0", "65B 72000people"),
    Spec("the article's copies", "is:original claim:funding", ""),
    Spec("the article's source", "source:wire usd:>1", "65B"),
    Spec("the article's entities", "entity:altmann", "65B 72000people"),
    Spec("the article's date", "before:2025", "2M 300M 50M"),
    Spec("without a kind", "source:ledger -claim:funding", "5.6M 78M 50M"),
    Spec("two kinds are two claims, and no claim is both", "claim:funding claim:valuation", ""),
)
