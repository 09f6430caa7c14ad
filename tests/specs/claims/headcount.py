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
    Case("Half of the 1,400 people at Scale AI are to lose their jobs.", (Said(KIND, "Scale AI", 1400, modality="planned"),)),
    Case("Of Oracle's workers in Seattle, 161 have been told to leave.", (Said(KIND, "Oracle", 161),)),
    Case("TikTok is replacing 150 moderators in Berlin with AI.", (Said(KIND, "TikTok", 150),)),
    Case("Salesforce needs 4,000 fewer support staff thanks to AI, says Marc Benioff.", (Said(KIND, "Salesforce", 4000),)),
    Case("Ai2 has 230 employees.", (Said(KIND, "Ai2", 230),)),
    Case("Anthropic's headcount went from 300 to 950 in a year.", (Said(KIND, "Anthropic", 300), Said(KIND, "Anthropic", 950))),
    Case("Klarna's staff has shrunk to 3,000 from 5,500 since it turned to AI.", (Said(KIND, "Klarna", 3000), Said(KIND, "Klarna", 5500))),
    Case("Amazon to cut 14,000 office jobs as AI spreads", (Said(KIND, "Amazon", 14000, modality="planned"),)),
    Case("DeepMind staff: 2,600, of whom 1,000 in London", (Said(KIND, "Google DeepMind", 2600),)),
    Case("Nestlé will cut 16,000 jobs over two years."),
    Case("Scale AI lays off 14% of staff"),
    Case("Accenture says it trained 500,000 people in generative AI"),
    Case("Around 40,000 people work in Britain's AI industry."),
    Case("IBM replaced several hundred people in personnel with AI agents.", (Said(KIND, "IBM", (100, 1000), bound="vague"),)),
    Case("Character.AI, now with 70 staff, builds companions.", (Said(KIND, "Character.AI", 70),)),
    Case("OpenAI's roster stood at 770 when Sam Altman was fired.", (Said(KIND, "OpenAI", 770),)),
    Case("Two hundred roles are coming to Paris, OpenAI said.", (Said(KIND, "OpenAI", 200, modality="planned"),)),
    Case("At Scale AI one in seven employees fears for the job."),
)  # fmt: skip
