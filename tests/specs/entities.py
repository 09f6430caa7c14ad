"""What the entity rules find: one row a rule, text to ``NAME/type/id`` in the order of the text."""

from typing import NamedTuple


class Spec(NamedTuple):
    """A text of ours and every mention that must be found in it, no more."""

    title: str
    text: str
    found: tuple[str, ...]


ENTITIES = [
    Spec(
        "maker and thing are two mentions",
        "Buyers of AMD MI355X boards waited longer than buyers of the Nvidia H200.",
        (
            "AMD/company/amd",
            "MI355X/chip/amd-mi355x",
            "Nvidia/company/nvidia",
            "H200/chip/nvidia-h200",
        ),
    ),
    Spec(
        "a maker in the designation is one mention, and forms meet in one id",
        "DeepSeek-V3.2 costs less than DeepSeek R1; V3.2 runs on H800s.",
        (
            "DeepSeek-V3.2/model/deepseek-v3-2",
            "DeepSeek R1/model/deepseek-r1",
            "V3.2/model/deepseek-v3-2",
            "H800s/chip/nvidia-h800",
        ),
    ),
    Spec(
        "models that no list holds, by family and version",
        "They ran Claude 5.5 Sonnet, Llama-5-Pro, gpt-9-mini, Qwen4-Coder-90B and Gemini 4 Flash.",
        (
            "Claude 5.5 Sonnet/model/claude-5-5-sonnet",
            "Llama-5-Pro/model/llama-5-pro",
            "gpt-9-mini/model/gpt-9-mini",
            "Qwen4-Coder-90B/model/qwen4-coder-90b",
            "Gemini 4 Flash/model/gemini-4-flash",
        ),
    ),
    Spec(
        "a number with its unit is no version",
        "Anthropic trained Claude 3 times; in all Claude 2 million people met.",
        ("Anthropic/lab/anthropic", "Claude/model/claude", "Claude/model/claude"),
    ),
    Spec(
        "chip systems and families",
        "Racks of GB300 NVL72 sit beside a TPU v6e pod, Trainium3 boards and an Ascend 920.",
        (
            "GB300 NVL72/chip/nvidia-gb300-nvl72",
            "TPU v6e/chip/google-tpu-v6e",
            "Trainium3/chip/aws-trainium3",
            "Ascend 920/chip/huawei-ascend-920",
        ),
    ),
    Spec(
        "short designations need their family",
        "He parked in R1 and took lift V3 up to 910B.",
        (),
    ),
    Spec(
        "only the name in a compound",
        "An Nvidia-funded lab and two non-Nvidia shops sell Arm-based boards.",
        ("Nvidia/company/nvidia", "Nvidia/company/nvidia", "Arm/company/arm"),
    ),
    Spec(
        "words that are also names stay words",
        "Together they scale the figure on character and perplexity. Meta-analyses say so.",
        (),
    ),
    Spec(
        "a Christian name or a sign of the stars is no model where nothing speaks of AI",
        "A goat called Claude grazed; her keeper, born under Gemini, fed her.",
        (),
    ),
    Spec(
        "such a name is a model where something does",
        "Students asked Claude and Gemini for code.",
        ("Claude/model/claude", "Gemini/model/gemini"),
    ),
    Spec(
        "the man speaks for his firm, so its short names count",
        "Jensen Huang showed a Rubin board; by June 9,000 Blackwells had shipped.",
        (
            "Jensen Huang/person/jensen-huang",
            "Rubin/chip/nvidia-rubin",
            "Blackwells/chip/nvidia-blackwell",
        ),
    ),
    Spec(
        "a fund that looks like a person, by its apposition",
        "The money came from Alba Serena, the vehicle of a shipowner.",
        ("Alba Serena/fund/alba-serena",),
    ),
    Spec(
        "what a thing is called, and the noun after its name",
        "Its engineers drew a chip called Kestrel. They bought forty LK-4 drones.",
        ("Kestrel/chip/kestrel", "LK-4/product/lk-4"),
    ),
    Spec(
        "words that are also names count inside a sentence",
        "The money went to Scale, then to Perplexity.",
        ("Scale/company/scale-ai", "Perplexity/company/perplexity"),
    ),
    Spec(
        "apple the fruit and Apple the firm",
        "Apple pie was served while Apple showed an iPhone.",
        ("Apple/company/apple", "iPhone/product/iphone"),
    ),
    Spec(
        "a person called Claude",
        "The lecture was given by Claude Martin, a professor of optics.",
        ("Claude Martin/person/claude-martin",),
    ),
    Spec(
        "surnames follow their full names, in either order",
        "Liang Wenfeng met Marta Kowalska. Liang spoke first, then Kowalska did.",
        (
            "Liang Wenfeng/person/liang-wenfeng",
            "Marta Kowalska/person/marta-kowalska",
            "Liang/person/liang-wenfeng",
            "Kowalska/person/marta-kowalska",
        ),
    ),
    Spec(
        "no title, no possessive",
        "Judge Amit Mehta’s ruling pleased Google’s lawyers.",
        ("Amit Mehta/person/amit-mehta", "Google/company/google"),
    ),
    Spec(
        "an acronym in brackets stands for its name",
        "The Harbour Safety Commission (HSC) opened a case. The HSC will report in May.",
        (
            "Harbour Safety Commission/agency/harbour-safety-commission",
            "HSC/agency/harbour-safety-commission",
            "HSC/agency/harbour-safety-commission",
        ),
    ),
    Spec(
        "an apposition tells the type",
        "Nordlicht, an advocacy group, sued Meta.",
        ("Nordlicht/other/nordlicht", "Meta/company/meta"),
    ),
    Spec(
        "a capital that acts is a government, a capital as a place is not",
        "Beijing told Alibaba to wait. Engineers in Beijing went home.",
        ("Beijing/country/china", "Alibaba/company/alibaba"),
    ),
    Spec(
        "countries, not adjectives, cities or regions",
        "Chinese firms in Shanghai avoid US law; Britain and the EU differ from Europe’s past.",
        ("US/country/us", "Britain/country/uk", "EU/country/eu"),
    ),
    Spec(
        "names never cross a line",
        "What Next for Nvidia\nLarry Ellison spoke.",
        ("Nvidia/company/nvidia", "Larry Ellison/person/larry-ellison"),
    ),
    Spec(
        "the furniture of a page names nothing",
        "Nvidia rose.\nSubscribe to The Copper Kettle Post on Facebook\n© Kettle Media Group",
        ("Nvidia/company/nvidia",),
    ),
    Spec(
        "a hedge fund and a sovereign fund",
        "High-Flyer and the Qatar Investment Authority met Lux Capital.",
        (
            "High-Flyer/fund/high-flyer",
            "Qatar Investment Authority/fund/qia",
            "Lux Capital/fund/lux-capital",
        ),
    ),
    Spec(
        "a shared name is the product, and the firm where it raises money",
        "She writes code in Cursor, the editor. Cursor raised $900 million.",
        ("Cursor/product/cursor", "Cursor/company/anysphere"),
    ),
]


class Meaning(NamedTuple):
    """A text and what its phrases stand for, as ``PHRASE/id``."""

    title: str
    text: str
    meant: tuple[str, ...]


REFERENCES = [
    Meaning("it is the subject before", "Cohere rose. It hired ten people.", ("It/cohere",)),
    Meaning(
        "the company is the firm in the text, across a paragraph",
        "Nvidia's sales rose again in the spring.\nThe company hired ten people.",
        ("The company/nvidia",),
    ),
    Meaning(
        "a nationality picks among firms",
        "DeepSeek worried OpenAI in January. The Chinese startup hired ten people.",
        ("The Chinese startup/deepseek",),
    ),
    Meaning(
        "a maker by its product",
        "Anthropic sells Claude. The Claude maker hired ten people.",
        ("The Claude maker/anthropic",),
    ),
    Meaning(
        "a possessive phrase with the name after it",
        "Liang Wenfeng trades shares. His hedge fund, High-Flyer, hired ten people.",
        ("His hedge fund/high-flyer", "His/liang-wenfeng"),
    ),
    Meaning(
        "she is a woman, he is a man",
        "Lisa Su met Tim Cook. She smiled, and he left.",
        ("She/lisa-su", "he/tim-cook"),
    ),
    Meaning(
        "a chipmaker is known as one",
        "Microsoft and Nvidia met in May. The chipmaker hired ten people.",
        ("The chipmaker/nvidia",),
    ),
    Meaning(
        "the lab behind a model, the maker of a thing",
        "Anthropic and OpenAI met. The lab behind Claude smiled; the creator of ChatGPT left.",
        ("The lab/anthropic", "the creator/openai"),
    ),
    Meaning(
        "a person's firm",
        "AMD beat Nvidia by a nose. Lisa Su's firm cheered.",
        ("Lisa Su's firm/amd",),
    ),
    Meaning("it may stand for nothing", "Nvidia rose. It is clear that demand grew.", ()),
    Meaning("two people are too many", "Sam Altman and Elon Musk met. He left early.", ()),
    Meaning(
        "an object is not its own subject", "Meta paid Scale AI and praised it.", ("it/scale-ai",)
    ),
]
