"""A state restricts or frees exports."""

from tests.specs.claims.case import Case, Said

KIND = "export_control"
CASES = (
    Case("The Netherlands will require licences for exports of ASML's chipmaking tools to China.", (Said(KIND, "Netherlands", modality="planned"),)),
    Case("Washington has barred Nvidia from selling its A100 and H100 chips in China.", (Said(KIND, "United States"),)),
    Case("The US added 42 Chinese companies to its export blacklist over AI chips.", (Said(KIND, "United States"),)),
    Case("The Commerce Department may soon tighten curbs on chip exports to the Middle East, officials said.", (Said(KIND, "United States", modality="planned"),)),
    Case("Nvidia has been allowed to resume sales of H20 chips to China by the Trump administration.", (Said(KIND, "United States"),)),
    Case("Taiwan restricted shipments of semiconductors to South Africa.", (Said(KIND, "Taiwan"),)),
    Case("Nvidia unveiled a new chip at its conference in Taiwan."),
    Case("OpenAI limits how many pictures a user can make in a day."),
    Case("A licence is now needed to send Nvidia's H20 to China, the American government told the company in April.", (Said(KIND, "United States"),)),
    Case("The Netherlands tightened its rules on exports of chipmaking machines last September.", (Said(KIND, "Netherlands"),)),
    Case("Under pressure from Washington, Tokyo is adding 23 kinds of chipmaking gear to its list of restricted exports.", (Said(KIND, "Japan"),)),
    Case("America's ban on selling Blackwell chips to China will stay, Scott Bessent said.", (Said(KIND, "United States", modality="planned"),)),
    Case("Washington changed its mind again. From August it let AMD ship the MI308 to China, against 15% of the proceeds.", (Said(KIND, "United States"),)),
    Case("US weighs lifting curbs on H200 sales to China", (Said(KIND, "United States", modality="rumoured"),)),
    Case("Malaysia requires permits for exports of US-made AI chips", (Said(KIND, "Malaysia"),)),
    Case("Beijing to forbid use of foreign AI chips in state data centres"),
    Case("The Biden administration widened its curbs on chips for China in October 2023.", (Said(KIND, "United States"),)),
    Case("Japan has put chipmaking tools on its list of goods that need a licence to leave the country.", (Said(KIND, "Japan"),)),
    Case("Congress may yet forbid Nvidia to sell Blackwell chips to Chinese firms.", (Said(KIND, "United States", modality="planned"),)),
    Case("Seoul is weighing a permit scheme for exports of advanced AI chips, two officials said.", (Said(KIND, "South Korea", modality="rumoured"),)),
    Case("Washington kept Nvidia's best accelerators out of China for another year.", (Said(KIND, "United States"),)),
    Case("H20 chips may be shipped to approved Chinese buyers once more, the White House said.", (Said(KIND, "United States"),)),
    Case("Washington has begun to let Nvidia's H20 go to China again.", (Said(KIND, "United States"),)),
)  # fmt: skip
