"""States as news names them: adjectives, seats of government, their agencies."""

import re

ADJECTIVES = {
    "American": "United States", "US": "United States", "U.S.": "United States",
    "British": "United Kingdom", "UK": "United Kingdom", "Chinese": "China", "French": "France",
    "German": "Germany", "Dutch": "Netherlands", "Japanese": "Japan", "Korean": "South Korea",
    "South Korean": "South Korea", "Indian": "India", "Canadian": "Canada", "Italian": "Italy",
    "Spanish": "Spain", "Taiwanese": "Taiwan", "Malaysian": "Malaysia", "Saudi": "Saudi Arabia",
    "Emirati": "United Arab Emirates", "Swiss": "Switzerland", "Irish": "Ireland",
    "Australian": "Australia", "Israeli": "Israel", "Singaporean": "Singapore",
    "European": "European Union", "Brazilian": "Brazil", "Turkish": "Turkey", "Danish": "Denmark",
    "Swedish": "Sweden", "Norwegian": "Norway", "Finnish": "Finland", "Polish": "Poland",
    "Thai": "Thailand", "Vietnamese": "Vietnam", "Indonesian": "Indonesia", "Russian": "Russia",
}  # fmt: skip
SEATS = {
    "Washington": "United States", "White House": "United States", "Congress": "United States",
    "Commerce Department": "United States", "Department of Commerce": "United States",
    "Bureau of Industry and Security": "United States", "BIS": "United States",
    "Trump": "United States", "Biden": "United States", "Pentagon": "United States",
    "Beijing": "China", "Tokyo": "Japan", "Seoul": "South Korea", "London": "United Kingdom",
    "Downing Street": "United Kingdom", "Whitehall": "United Kingdom", "Paris": "France",
    "Berlin": "Germany", "Brussels": "European Union", "Ottawa": "Canada", "Delhi": "India",
    "New Delhi": "India", "The Hague": "Netherlands", "Riyadh": "Saudi Arabia",
    "Abu Dhabi": "United Arab Emirates", "Kuala Lumpur": "Malaysia", "Taipei": "Taiwan",
    "Canberra": "Australia", "Rome": "Italy",
}  # fmt: skip
_OFFICE = (
    r"(?:ministers?|government|regulators?|officials|authorities|lawmakers|administration|state"
    r"|treasury|parliament|cabinet|taxpayers|prime minister|president|trade ministry)"
)
_BY_ADJECTIVE = re.compile(
    rf"(?<!\w)(?P<adjective>{'|'.join(map(re.escape, sorted(ADJECTIVES, key=len, reverse=True)))})"
    rf"(?:\s(?:AI|tech|trade|federal|export|science))?\s{_OFFICE}(?!\w)"
)
GOVERNMENT = re.compile(
    r"(?<!\w)(?:the|its|his|her|their)\s(?:\w+\s)?(?:government|state|ministers|administration|treasury)(?!\w)",
    re.IGNORECASE,
)
_US_ACT = re.compile(
    r"(?<!\w)(?:(?:American|US|U\.S\.)(?![\s-](?:[\w-]+\s){0,3}?(?:AI\s)?(?:chips|processors|GPUs"
    r"|technology|companies|firms))|Trump|Biden|Commerce (?:Department|Secretary)|BIS|White House"
    r"|Congress|Entity List|diffusion rule)(?!\w)",
    re.IGNORECASE,
)


def by_adjective(text: str) -> str | None:
    """The state of ``British ministers``; None without such a phrase."""
    found = _BY_ADJECTIVE.search(text)
    return ADJECTIVES[found["adjective"]] if found else None


def american(text: str) -> bool:
    """Whether a text names an office or a rule of the United States."""
    return _US_ACT.search(text) is not None
