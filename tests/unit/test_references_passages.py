"""Whom phrases mean in short passages; ``word<id>`` marks the last word of each.

Nothing else in a passage may be resolved. ``test_references.py`` tells the rules one by one.
"""

import re

import pytest

from processors.nlp.reader import Reader, Text
from tests.support.reading import shared_reader

PASSAGES = [
    (
        "Cerebras has filed to list its<cerebras> shares in New York. It<cerebras> lost "
        "money last year, though the company<cerebras> says orders are rising."
    ),
    (
        "Nvidia and AMD both raised prices in March. The chips are scarce, and they sell "
        "out within hours."
    ),
    (
        "Anthropic closed a round led by Lightspeed. The Claude maker<anthropic> plans to "
        "hire 200 engineers in Dublin, it<anthropic> said on Tuesday."
    ),
    (
        "Mistral has hired a banker to look at offers. The French startup<mistral> "
        "declined to comment, and so did its<mistral> backers."
    ),
    (
        "Sam Altman flew to Abu Dhabi in May. He<sam-altman> wants the emirate to pay for "
        "data centres that his<sam-altman> company cannot afford alone."
    ),
    (
        'Intel cut 500 jobs in Oregon. "We had no choice," the chipmaker<intel> said in a '
        "letter to staff."
    ),
    (
        "When Microsoft opened its<microsoft> new campus in Mumbai, ministers came. The "
        "company<microsoft> did not say what it<microsoft> had spent."
    ),
    (
        "TSMC makes most of Nvidia's processors. Its<tsmc> plants in Arizona will not be "
        "ready before 2028."
    ),
    "Meta sued a small firm in Texas. It<meta> claims that the firm copied Llama.",
    "Elon Musk sued OpenAI. The startup<openai> called the complaint baseless.",
    (
        "ByteDance will spend more on chips this year. TikTok's parent<bytedance> has told "
        "suppliers that it<bytedance> needs 40,000 of them by June."
    ),
    "Google said it<google> would appeal. It is not clear how long the case will take.",
    (
        "Perplexity offered to buy Chrome from Google. The startup<perplexity> did not "
        "explain how it<perplexity> would pay."
    ),
    (
        "Samsung fell behind SK Hynix in memory. It<samsung> hopes to win back Nvidia as a "
        "customer by autumn."
    ),
    (
        "Liang Wenfeng rarely speaks in public. His<liang-wenfeng> hedge fund paid for the "
        "first clusters."
    ),
    (
        "DeepSeek trained its<deepseek> model on older chips, it<deepseek> said. The "
        "Chinese lab<deepseek> has since asked Huawei for help."
    ),
    (
        "CoreWeave owes banks $8bn. Most of the loans are secured on Nvidia chips, which "
        "the company<coreweave> rents to Microsoft."
    ),
    (
        "The Federal Trade Commission is looking into Microsoft. The agency<ftc> has asked "
        "rivals about cloud contracts."
    ),
    (
        "Lisa Su spoke in Taipei on Monday. She<lisa-su> said that AMD would ship samples "
        "in June, and that its<amd> orders had doubled."
    ),
    ("Oracle has borrowed heavily to serve OpenAI. Its<oracle> debt now worries some investors."),
    (
        "OpenAI was founded in 2015. It took the lab<openai> seven years to find a product "
        "that people wanted."
    ),
    (
        "xAI bought land in Memphis, where it<xai> has built Colossus. Neighbours complain "
        "about the noise."
    ),
    (
        "Amazon, Google and Microsoft reported results on the same day. The company with "
        "the highest margin was the smallest."
    ),
    (
        "Alphabet will invest $75bn this year. Google's parent<alphabet> said the money "
        "would go to servers."
    ),
    (
        "Satya Nadella told analysts that Microsoft had enough power. He<satya-nadella> "
        "added that it was hard to find electricians."
    ),
    (
        "Palantir shares fell by a tenth. The company<palantir> reported slower growth in "
        "Europe than analysts had hoped."
    ),
    (
        "SoftBank will lend money to OpenAI. The Japanese conglomerate<softbank> is "
        "selling part of its<softbank> stake in Nvidia to pay for the deal."
    ),
    "Nvidia was fined by China. The chipmaker<nvidia> says it<nvidia> broke no law.",
    (
        "Scale AI was sued by two former workers. The company<scale-ai> denies that "
        "it<scale-ai> paid them too little."
    ),
    (
        "Dario Amodei left OpenAI in 2020. A year later he<dario-amodei> founded Anthropic "
        "with his<dario-amodei> sister."
    ),
    (
        "Apple is in talks with Google about Gemini. It<apple> would pay about $1bn a year "
        "for the model<gemini>, people close to the talks say."
    ),
    (
        "Qualcomm, whose chips run most phones, wants to enter data centres. It<qualcomm> "
        "has hired engineers from Intel."
    ),
    (
        'Groq raised $640m from BlackRock and others. "Demand is beyond what we planned '
        'for," said Jonathan Ross, who runs the company<groq>.'
    ),
    (
        "Baidu has cut the price of Ernie. The search giant<baidu> is under pressure from "
        "Alibaba, whose models are free."
    ),
    (
        "Huawei has shown a new Ascend system. According to the company<huawei>, it is as "
        "fast as anything that Nvidia sells."
    ),
    (
        "The European Commission fined Meta in April. Meta said it<meta> would appeal, and "
        "the commission<european-commission> declined to comment."
    ),
    (
        "Micron expects a shortage until 2027. It<micron> will build two plants in Idaho, "
        "and its<micron> rival SK Hynix one in Indiana."
    ),
    (
        "Cohere sells models to banks. Unlike OpenAI, it<cohere> does not offer a chatbot "
        "to the public."
    ),
    (
        "Mira Murati has raised $2bn for Thinking Machines Lab. She<mira-murati> used to "
        "run research at OpenAI."
    ),
    "Databricks is worth $62bn. It seems that investors want more of it.",
    "Meta hired Alexandr Wang in June. He<alexandr-wang> used to run Scale AI.",
    (
        "Nvidia's sales rose by half. It<nvidia> sold fewer chips in China, where Huawei "
        "is gaining ground."
    ),
    (
        "Arm raised its<arm> fees. The British designer<arm> supplies both Apple and "
        "Qualcomm, which sued it<arm> in 2024."
    ),
    (
        "Anthropic has told Amazon that it<anthropic> needs a million chips. Amazon is "
        "building them itself<amazon>."
    ),
    (
        "Figure AI lost its<figure-ai> safety chief in May. The robot maker<figure-ai> "
        "says that he resigned."
    ),
    (
        "Mark Zuckerberg called researchers at home. His<mark-zuckerberg> company offered "
        "some of them more than $100m."
    ),
    "OpenAI and Microsoft have signed a new contract. It runs until 2032.",
    (
        "Character.AI said its<character-ai> users were safe. Parents disagree, and two of "
        "them have sued the startup<character-ai> and Google."
    ),
    (
        "ASML sells its<asml> machines to Intel, Samsung and TSMC. The Dutch company<asml> "
        "expects orders to recover next year."
    ),
    "Nvidia said they would ship on time. Their customers were less sure.",
    (
        "Broadcom reported on Thursday. Shares rose by 5%.\nThe chipmaker<broadcom> "
        "expects a record year, its<broadcom> chief executive said."
    ),
    (
        "Nvidia leads the market. Its<nvidia> sales doubled last year. Nvidia also makes "
        "software.\nCerebras is a small rival. It<cerebras> makes huge chips, and the "
        "company<cerebras> sells them to labs."
    ),
    (
        "Lambda rents out GPUs. Last month it<lambda> signed a contract with Microsoft. "
        "The company<lambda> did not name a price."
    ),
    (
        "According to Reuters, Apple has dropped its<apple> plan. The company<apple> did "
        "not reply to a request for comment."
    ),
    ("Runway, which makes video models, raised $308m. The startup<runway> was valued at $3bn."),
    (
        'Jensen Huang went to Beijing in July. "The market matters," he<jensen-huang> '
        "said. His<jensen-huang> company had just won back a licence."
    ),
    "Tesla is suing a former engineer. It<tesla> accuses him of taking files on Optimus.",
    (
        "Amazon has put $8bn into Anthropic. Its<amazon> rival Google owns a smaller stake "
        "in the startup<anthropic>."
    ),
    (
        "Moonshot AI released Kimi K2 in July. The model<kimi-k2> has a trillion "
        "parameters, and it<kimi-k2> is free to download."
    ),
    (
        "Nscale raised $1.1bn. The British firm<nscale> builds data centres for Microsoft, "
        "and its<nscale> boss says more money will come."
    ),
    (
        "Nvidia dominates the market for AI chips. Its<nvidia> sales rose by half in the "
        "spring, Nvidia said. Analysts expect Nvidia to sell 6m processors.\nNot everyone "
        "buys them. Cerebras has built a chip as large as a dinner plate. The "
        "company<cerebras> filed for a listing in May, and it<cerebras> hopes to raise "
        "$2bn.\nGroq took another road. The startup<groq> sells fast answers, and "
        "its<groq> chief says demand has tripled."
    ),
    (
        "OpenAI has signed four deals in a month. OpenAI will rent servers from Oracle and "
        "buy chips from AMD. OpenAI also wants its<openai> own data centres.\nAnthropic is "
        "more careful. The company<anthropic> rents from Google and Amazon. It<anthropic> "
        "has not ordered a single building, and its<anthropic> costs are lower."
    ),
    (
        "Microsoft wrote off a part of its<microsoft> stake.\nThe company<microsoft> has "
        "put $13bn into OpenAI since 2019.\nSatya Nadella said the money was well spent. "
        "He<satya-nadella> pointed to Copilot."
    ),
    (
        "Mistral raised money in September. ASML led the round.\nThe Dutch company<asml> "
        "now owns 11% of the French startup<mistral>."
    ),
    (
        "Google DeepMind published a paper on proteins. The lab<google-deepmind> says that "
        "its<google-deepmind> model is free for scientists.\nIsomorphic Labs will use it "
        "first. Its<isomorphic-labs> parent<alphabet>, Alphabet, paid for the work."
    ),
    (
        "The European Commission opened a case against xAI on Monday. Grok had made false "
        "pictures of women, the commission<european-commission> said. xAI blamed its<xai> "
        "users. The company<xai> has ten days to answer."
    ),
    (
        "Samsung and SK Hynix make memory. Micron, their American rival, is catching up. "
        "The company<micron> said on Friday that it<micron> had sold all of next year's "
        "output."
    ),
    (
        "Intel has a new boss. Lip-Bu Tan took over in March, and he<lip-bu-tan> cut 15% "
        "of the staff. The company<intel> also cancelled two plants in Germany. Analysts "
        "doubt that it<intel> can win a large customer."
    ),
    (
        "Meta bought 49% of Scale AI. Google, which had been a customer of the "
        "startup<scale-ai>, left. So did OpenAI."
    ),
    (
        '"We will not sell," Arthur Mensch said. Mistral has talked to Apple, but '
        "it<mistral> wants to stay French."
    ),
    (
        "Hugging Face, which hosts more than a million models, was founded by three "
        "Frenchmen. The company<hugging-face> makes money from firms that want their own "
        "copies. It<hugging-face> turned a profit last year."
    ),
    (
        "Tesla, whose cars collect video all day, trains its<tesla> own models. It<tesla> "
        "used to build its<tesla> own chip, too. Elon Musk stopped the project in August, "
        "and he<elon-musk> now buys from Samsung."
    ),
    (
        "Huawei cannot buy from TSMC. It<huawei> relies on SMIC, whose machines are older. "
        "SMIC says its<smic> yields are improving."
    ),
    (
        "Nvidia was asked by China about the H20. It<nvidia> denied that the "
        "chip<nvidia-h20> has a back door."
    ),
    (
        "Oracle fell by 6% after the Financial Times wrote about a delay. The "
        "company<oracle> denied the report, and its<oracle> shares recovered."
    ),
    (
        "Safe Superintelligence has twenty employees. Ilya Sutskever runs "
        "it<safe-superintelligence> after Daniel Gross left for Meta. He<ilya-sutskever> "
        "declined an offer from Mark Zuckerberg."
    ),
    (
        "Fei-Fei Li raised $230m for World Labs. She<fei-fei-li> said the "
        "startup<world-labs> would build worlds, not words."
    ),
    (
        "Tim Cook and Sundar Pichai met in June. Apple wants Gemini in Siri, and it<apple> "
        "would pay for it<gemini>."
    ),
    (
        "SoftBank has lined up $40bn in bridge loans. The Japanese group<softbank> will "
        "use the money for OpenAI, its<softbank> biggest bet."
    ),
    (
        "TSMC's board met in Tainan. The foundry<tsmc> approved $17bn of spending, and "
        "it<tsmc> raised its<tsmc> dividend."
    ),
    (
        "AMD has won Oracle as a customer. It<amd> will ship 50,000 MI450 chips from next "
        "autumn, the chipmaker<amd> said."
    ),
    (
        "A startup in Berlin sued Google. The startup says that the search giant<google> "
        "copied its results."
    ),
    (
        "ElevenLabs, a voice startup, has tripled its<elevenlabs> value. It<elevenlabs> "
        "was last worth $3.3bn, and the company<elevenlabs> has 300 employees."
    ),
    ('Reid Hoffman sold his<reid-hoffman> shares in OpenAI. "It was time," he<reid-hoffman> said.'),
    (
        "In a letter to Congress, Anthropic asked for tighter export controls. The "
        "lab<anthropic> said that Nvidia's chips were being smuggled. Nvidia called this a "
        "tall tale, and it<nvidia> denied that prosthetic baby bumps had been used."
    ),
    (
        "Microsoft's Copilot is used by 150m people. The company<microsoft> charges $30 a "
        "month for it<copilot>."
    ),
    (
        "Thanks to Gemini, Google is no longer behind. It<google> has 650m users a month, "
        "according to Sundar Pichai. He<sundar-pichai> expects more."
    ),
    (
        "Foxconn builds servers for Nvidia. The Taiwanese manufacturer<foxconn> reported "
        "that its<foxconn> sales rose by 11%."
    ),
    (
        "Brussels wants to know how xAI trains Grok. The company<xai> has not answered, "
        "and neither has its<xai> owner."
    ),
    "Apple lost four researchers to Meta in a month. They had worked on its<apple> models.",
    (
        "Jensen Huang sold $36m of stock in July. He<jensen-huang> still owns 3.5% of "
        "Nvidia. Its<nvidia> value passed $4trn in the same week."
    ),
    (
        "Amazon Web Services grew by 17%. Its<aws> rivals grew faster. Andy Jassy, who ran "
        "the unit before, said it<aws> would catch up."
    ),
    (
        "Lightmatter and Ayar Labs make optical chips. Both are backed by Nvidia, which "
        "uses the technology in its<nvidia> switches."
    ),
    "While Intel waits, TSMC builds. It<tsmc> will open a second plant in Kumamoto.",
    (
        "Nebius signed a contract with Microsoft worth $17bn. Shares of the Dutch "
        "company<nebius> rose by half."
    ),
    (
        "Demis Hassabis won a Nobel prize. His<demis-hassabis> lab<google-deepmind>, "
        "Google DeepMind, had solved protein folding."
    ),
    (
        "The chipmaker Marvell fell by 18%. The company<marvell> expects flat sales in the "
        "third quarter."
    ),
    (
        "Elon Musk has merged X with xAI. The billionaire<elon-musk> said that the deal "
        "valued X at $33bn."
    ),
    (
        "If OpenAI misses the deadline, it<openai> could lose $10bn. SoftBank can cut "
        "its<softbank> cheque in half."
    ),
    (
        "OpenAI's board rejected the offer from Elon Musk. It<openai> said the lab<openai> "
        "was not for sale."
    ),
    (
        "Salesforce cut 4,000 support jobs. Marc Benioff said that agents do the work now. "
        "He<marc-benioff> needs fewer heads, he<marc-benioff> told a podcast."
    ),
    (
        "The Commerce Department told Nvidia to stop. The chipmaker<nvidia> must ask the "
        "department<commerce-department> for a licence before it<nvidia> can ship."
    ),
    (
        "Zhipu filed for a listing in Hong Kong. It<zhipu> is one of China's six tigers. "
        "The startup<zhipu> lost 2.4bn yuan in six months."
    ),
    (
        "Snowflake is working with Anthropic. Under the deal it<snowflake> will pay $200m "
        "for Claude."
    ),
    (
        "In 2019 Microsoft gave OpenAI $1bn. Since then the software giant<microsoft> has "
        "added $12bn. It<microsoft> is the largest shareholder."
    ),
    (
        "Samsung's chip arm lost money. Its<samsung> boss apologised in public, and the "
        "firm<samsung> replaced him."
    ),
    (
        "Perplexity was sued by Dow Jones. The publisher says the startup<perplexity> "
        "steals its articles. Perplexity denies it."
    ),
    (
        "Meta delayed Behemoth. The model<llama-4-behemoth> was to ship in April, but "
        "engineers could not improve it<llama-4-behemoth> enough."
    ),
    (
        "Black Forest Labs is based in Freiburg. Its<black-forest-labs> founders left "
        "Stability AI in 2024, and they took their know-how along."
    ),
    (
        "It is too early to say whether Cohere will list. The Canadian startup<cohere> has "
        "hired a finance chief."
    ),
    (
        "Nvidia's H20 was made for China. The chip<nvidia-h20> has less power than the "
        "H100, but it<nvidia-h20> has more memory."
    ),
    (
        "Lisa Su told Reuters that AMD had a licence. She<lisa-su> did not say how many "
        "chips it<amd> would sell."
    ),
    (
        "The judge ruled that Anthropic could train on books it<anthropic> had bought. But "
        "he let authors sue the startup<anthropic> over pirated copies."
    ),
]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return shared_reader()


@pytest.mark.parametrize("marked", PASSAGES)
def test_a_passage_is_resolved(marked: str, reader: Reader) -> None:
    text, meant = "", []
    for words, name in re.findall(r"([^<]*)(?:<([^>]*)>)?", marked):
        text += words
        if name:
            meant.append((len(text), name))
    (reading,) = reader.read([Text(text)])
    found = [(span.end, entity.id) for entity in reading.entities for span in entity.references]
    assert sorted(found) == meant
