"""Sales, run rates and guidance."""

from tests.specs.claims.case import Case, Said

KIND = "revenue"
CASES = (
    Case("Nvidia reported revenue of $57 billion for the third quarter.", (Said(KIND, "Nvidia", 57e9, period="Q3"),)),
    Case("OpenAI's annualised revenue has passed $13 billion.", (Said(KIND, "OpenAI", 13e9, bound="at_least", period="per_year"),)),
    Case("Sales at Cerebras more than tripled to $78.7 million in 2023.", (Said(KIND, "Cerebras", 78.7e6, period="2023"),)),
    Case("Anthropic expects to generate $26 billion in sales next year.", (Said(KIND, "Anthropic", 26e9, modality="planned", period="next_year"),)),
    Case("AMD forecasts quarterly revenue of about $9.6 billion, plus or minus $300 million.", (Said(KIND, "AMD", 9.6e9, bound="about", modality="planned"),)),
    Case("ElevenLabs has $200 million in annual recurring revenue, its co-founder said.", (Said(KIND, "ElevenLabs", 200e6, modality="reported"),)),
    Case("Midjourney is thought to have earned roughly $300 million in revenue.", (Said(KIND, "Midjourney", 300e6, bound="about", modality="rumoured"),)),
    Case("Replit's run rate stands at $150 million.", (Said(KIND, "Replit", 150e6),)),
    Case("Nvidia earned 81 cents a share before one-off items."),
    Case("Worldwide sales of semiconductors reached $627 billion, a trade body said."),
    Case("ChatGPT has 800 million weekly users."),
    Case("In its last financial year Arm took $4 billion, and in the current one it hopes for $5 billion.", (Said(KIND, "Arm", 4e9), Said(KIND, "Arm", 5e9, modality="planned"))),
    Case("Perplexity makes $100 million a year.", (Said(KIND, "Perplexity AI", 1e8),)),
    Case("Cursor's maker brings in half a billion dollars a year.", (Said(KIND, "Anysphere", 5e8),)),
    Case("Micron sees turnover of $12.5 billion this quarter, give or take $300 million.", (Said(KIND, "Micron", 1.25e10, modality="planned"),)),
    Case("Oracle's cloud infrastructure arm sold services for $3.3 billion in the three months to August.", (Said(KIND, "Oracle", 3.3e9),)),
    Case("Mistral makes about 60 million euros a year, insiders say.", (Said(KIND, "Mistral AI", 6e7, "EUR", bound="about", modality="rumoured"),)),
    Case("OpenAI's sales target for 2029 is $125 billion.", (Said(KIND, "OpenAI", 1.25e11, modality="planned"),)),
    Case("Nvidia's results are out. Its data-centre arm turned over $51.2 billion in the quarter. A year ago the figure was $30.8 billion.", (Said(KIND, "Nvidia", 5.12e10), Said(KIND, "Nvidia", 3.08e10))),
    Case("Cloudflare, which shields a fifth of the web, made $562 million in the quarter.", (Said(KIND, "Cloudflare", 5.62e8),)),
    Case("Oracle's backlog of orders has swollen to $455 billion."),
    Case("A third of Nvidia's sales come from two customers."),
    Case("OpenAI has 5 million paying business customers and 700 million weekly users."),
    Case("ChatGPT answers 2.5 billion prompts a day."),
    Case("More than 1.2 million developers use Cursor every day."),
    Case("Annual sales at Glean have gone through $150 million.", (Said(KIND, "Glean", 1.5e8),)),
    Case("Snowflake's product revenue came in at $1.09 billion.", (Said(KIND, "Snowflake", 1.09e9),)),
    Case("GitHub Copilot alone earns Microsoft more than $500 million a year.", (Said(KIND, "Microsoft", 5e8, bound="at_least"),)),
    Case("AMD puts its sales of MI300s at $5 billion for 2024.", (Said(KIND, "AMD", 5e9),)),
)  # fmt: skip
