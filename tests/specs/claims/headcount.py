"""People employed, hired or cut."""

from tests.specs.claims.case import Case, Said

KIND = "headcount"
CASES = (
    Case("OpenAI employs more than 3,000 people.", (Said(KIND, "OpenAI", 3000, bound="at_least"),)),
    Case("Microsoft is laying off 9,000 workers as it spends more on AI.", (Said(KIND, "Microsoft", 9000, object="layoffs"),)),
    Case("Scale AI cut 14% of its staff, or about 200 employees.", (Said(KIND, "Scale AI", 200, bound="about", object="layoffs"),)),
    Case("Anthropic plans to triple its workforce and hire 1,000 engineers next year.", (Said(KIND, "Anthropic", 1000, modality="planned"),)),
    Case("Some 450 jobs will go at the AI unit, Meta confirmed.", (Said(KIND, "Meta", 450, bound="about", modality="planned"),)),
    Case("Mistral AI has a team of 250 people in Paris.", (Said(KIND, "Mistral AI", 250),)),
    Case("More than 1,000 researchers signed the letter about AI."),
    Case("Over 30,000 people attended Nvidia's conference."),
)  # fmt: skip
