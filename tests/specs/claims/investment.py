"""Money that an organisation or a state puts in."""

from tests.specs.claims.case import Case, Said

KIND = "investment"
CASES = (
    Case("Microsoft plans to spend $7.2 billion on a data centre campus in Wisconsin over three years.", (Said(KIND, "Microsoft", 7.2e9, modality="planned", period="P3Y"),)),
    Case("Amazon invested $4 billion in Anthropic last year.", (Said(KIND, "Amazon", 4e9, object="Anthropic", period="last_year"),), gap="the parser hangs the year on the object, which then is lost"),
    Case("Amazon has invested $8 billion into Anthropic.", (Said(KIND, "Amazon", 8e9, object="Anthropic"),)),
    Case("Meta to pour $29 billion into Louisiana data centre", (Said(KIND, "Meta", 29e9, modality="planned"),)),
    Case("Alphabet's capital expenditure rose to $22.4 billion in the second quarter.", (Said(KIND, "Alphabet", 22.4e9, period="Q2"),)),
    Case("SoftBank has put $30 billion into OpenAI so far.", (Said(KIND, "SoftBank", 30e9),)),
    Case("France will devote €2.5 billion to AI research by 2030, the government said.", (Said(KIND, "France", 2.5e9, "EUR", modality="planned"),)),
    Case("OpenAI signed a $38 billion cloud contract with Amazon.", (Said(KIND, "OpenAI", 38e9, modality="planned"),)),
    Case("Oracle expects capital spending of around $25 billion this fiscal year.", (Said(KIND, "Oracle", 25e9, bound="about", modality="planned", period="this_year"),)),
    Case("ByteDance intends to buy up to 40 billion yuan ($5.5 billion) worth of AI chips in 2026.", (Said(KIND, "ByteDance", 40e9, "CNY", bound="at_most", modality="planned", period="2026"),)),
    Case("Talks in which Nvidia would invest as much as $100 billion in OpenAI have collapsed.", (Said(KIND, "Nvidia", 100e9, bound="at_most", modality="denied"),)),
    Case("India approved a ₹10,300 crore mission for AI computing.", (Said(KIND, "India", 103e9, "INR", modality="planned"),)),
    Case("Google is ploughing another $25bn into data centers and AI infrastructure across the largest US grid.", (Said(KIND, "Google", 25e9),)),
    Case("The sovereign fund PIF has set aside $40 billion for artificial intelligence.", (Said(KIND, ..., 40e9, modality="planned"),)),
    Case("Microsoft did not spend $80 billion on data centres.", (Said(KIND, "Microsoft", 80e9, modality="denied"),)),
    Case("The world market for AI chips will reach $400 billion by 2027, a consultancy forecasts."),
    Case("Nvidia announced a $60 billion share buyback."),
    Case("Mark Zuckerberg's fortune grew by $20 billion on the AI boom."),
    Case("The House passed $12 billion in disaster relief for flooded counties."),
)  # fmt: skip
