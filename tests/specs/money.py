"""Amounts of money as news writes them: by hand, and from a table of styles, currencies and scales.

A row by hand is a sentence, a currency, and the limits; ``B`` and its like are scales.
"""

from itertools import cycle, product

from processors.records import Bound

K, M, B, T = 1e3, 1e6, 1e9, 1e12
LAKH, CRORE = 1e5, 1e7

type Row = tuple[str, str, float | None, float | None, Bound]


def _exact(currency: str, *rows: tuple[str, float]) -> list[Row]:
    return [(text, currency, amount, amount, "exact") for text, amount in rows]


SINGLE: list[Row] = [
    *_exact(
        "USD",
        ("Training cost $5.6m.", 5.6 * M),
        ("The run cost US$5.6 mn.", 5.6 * M),
        ("It spent 5.6 million dollars.", 5.6 * M),
        ("The bill was $5,576,000.", 5.576 * M),
        ("A $65B plan was shown.", 65 * B),
        ("It put US$40 billion in.", 40 * B),
        ("It put U.S.$40 billion in.", 40 * B),
        ("They want $1 trillion.", T),
        ("They want $1.4tn.", 1.4 * T),
        ("They want $7trn.", 7 * T),
        ("They want $7 T of it.", 7 * T),
        ("The $500-million-dollar question.", 500 * M),
        ("A five-billion-dollar campus rose.", 5 * B),
        ("A 500-million-dollar campus rose.", 500 * M),
        ("A hundred-million-dollar run failed.", 100 * M),
        ("A ten million dollar gift came.", 10 * M),
        ("A $10-billion bet was made.", 10 * B),
        ("The $2.5-billion settlement stood.", 2.5 * B),
        ("It raised half a billion dollars.", 0.5 * B),
        ("It raised a quarter of a billion dollars.", 0.25 * B),
        ("It raised three quarters of a billion dollars.", 0.75 * B),
        ("It raised three-quarters of a billion dollars.", 0.75 * B),
        ("It raised one and a half billion dollars.", 1.5 * B),
        ("It raised two and a half billion dollars.", 2.5 * B),
        ("It raised a billion and a half dollars.", 1.5 * B),
        ("It raised one hundred and twenty million dollars.", 120 * M),
        ("It raised one point five billion dollars.", 1.5 * B),
        ("It raised a dozen million dollars.", 12 * M),
        ("It raised a couple of million dollars.", 2 * M),
        ("It raised a cool $3 billion.", 3 * B),
        ("The chip costs $30k.", 30 * K),
        ("The chip costs $30K.", 30 * K),
        ("The chip costs 30,000 dollars.", 30 * K),
        ("The chip costs thirty thousand dollars.", 30 * K),
        ("The cut is worth $0.5bn.", 0.5 * B),
        ("The cut is worth $.5bn.", 0.5 * B),
        ("It pays 40 cents.", 0.4),
        ("It pays 40¢.", 0.4),
        ("It pays ten cents.", 0.1),
        ("It pays $0.14.", 0.14),
        ("It pays $2.19.", 2.19),
        ("It pays $1 for it.", 1),
        ("It pays one dollar for it.", 1),
        ("It pays twenty bucks.", 20),
        ("It pays 100 US dollars.", 100),
        ("It pays 100 U.S. dollars.", 100),
        ("It pays 3 billion American dollars.", 3 * B),
        ("It pays USD 12 million.", 12 * M),
        ("It pays USD12m.", 12 * M),
        ("It pays 12m USD.", 12 * M),
        ("It pays $ 12 million.", 12 * M),
        ("It pays $12\u00a0million.", 12 * M),
        ("It pays $12\u202fmillion.", 12 * M),
        ("It pays $12\u2009million.", 12 * M),
        ("It pays $ 12mm.", 12 * M),
        ("It pays $12MM.", 12 * M),
        ("It pays $12 mil.", 12 * M),
        ("It pays $3 bil.", 3 * B),
        ("It pays $3 Bn.", 3 * B),
        ("It pays $1,234,567,890.", 1_234_567_890),
        ("It pays $1,234.56.", 1234.56),
        ("It pays $10,000,000,000,000.", 10 * T),
        ("It paid 1.2 billion U.S. dollars then.", 1.2 * B),
        ("It paid $100 million-worth of shares.", 100 * M),
        ("It paid (US) $90 million.", 90 * M),
        ("It paid “$90 million”.", 90 * M),
        ("It paid ＄90 million.", 90 * M),
        ("It paid $ 4.600 billion.", 4.6 * B),
    ),
    *_exact(
        "EUR",
        ("Der Umsatz: €1,5 Mrd.", 1.5 * B),
        ("It got €1.5bn.", 1.5 * B),
        ("It got 1,5 Mrd. Euro.", 1.5 * B),
        ("It got 1,7 milliards d'euros.", 1.7 * B),
        ("It got 400 Mio. €.", 400 * M),
        ("It got 400 Mio euros.", 400 * M),
        ("A 500-million-euro fund opened.", 500 * M),
        ("A €600-million round closed.", 600 * M),
        ("It got EUR 105 million.", 105 * M),
        ("It got EUR105m.", 105 * M),
        ("It got 105 million euros.", 105 * M),
        ("It got € 105 million.", 105 * M),
        ("It got two hundred million euros.", 200 * M),
        ("It got €1.000.000.", M),
        ("It got 1.250.000 euros.", 1.25 * M),
        ("It got 1 250 000 euros.", 1.25 * M),
        ("It got €11.7B.", 11.7 * B),
        ("It paid 50 euro cents.", 0.5),
    ),
    *_exact(
        "GBP",
        ("It won two hundred million pounds.", 200 * M),
        ("It won £200m.", 200 * M),
        ("It won £1.2 billion.", 1.2 * B),
        ("It won 1.2bn pounds.", 1.2 * B),
        ("It won GBP 12 million.", 12 * M),
        ("It won 25 million pounds sterling.", 25 * M),
        ("It won 80 pence.", 0.8),
        ("It won £ 5.", 5),
        ("It won five million quid.", 5 * M),
        ("It won 300 million British pounds.", 300 * M),
        ("It won UK£300m.", 300 * M),
    ),
    *_exact(
        "CNY",
        ("It spent RMB 2 billion.", 2 * B),
        ("It spent RMB2bn.", 2 * B),
        ("It spent Rmb2bn.", 2 * B),
        ("It spent 2bn yuan.", 2 * B),
        ("It spent 2 billion Chinese yuan.", 2 * B),
        ("It spent CNY 380 billion.", 380 * B),
        ("It spent CN¥380bn.", 380 * B),
        ("It spent 380 billion renminbi.", 380 * B),
        ("Beijing spent ¥380bn.", 380 * B),
        ("It spent 100 million RMB.", 100 * M),
        ("A 60-billion-yuan fund opened.", 60 * B),
        ("It spent 3 yuan.", 3),
    ),
    *_exact(
        "INR",
        ("India cleared Rs 10,372 crore.", 10_372 * CRORE),
        ("India cleared Rs. 10,372 crore.", 10_372 * CRORE),
        ("India cleared Rs.10,372 cr.", 10_372 * CRORE),
        ("India cleared ₹10,372 crore.", 10_372 * CRORE),
        ("India cleared ₹10,372cr.", 10_372 * CRORE),
        ("India cleared 10,372 crore rupees.", 10_372 * CRORE),
        ("India cleared Rs 1 lakh crore.", T),
        ("India cleared ₹1.5 lakh crore.", 1.5 * T),
        ("India cleared ₹50 lakh.", 50 * LAKH),
        ("India cleared ₹2 lakh.", 2 * LAKH),
        ("India cleared INR 5 billion.", 5 * B),
        ("India cleared 65 rupees an hour.", 65),
        ("India cleared ₹1,00,000.", LAKH),
        ("India cleared Rs 2,50,00,000.", 2.5 * CRORE),
        ("India cleared ₹10,372-crore.", 10_372 * CRORE),
        ("A Rs 2,000-crore scheme began.", 2_000 * CRORE),
        ("India cleared two thousand crore rupees.", 2_000 * CRORE),
        ("India cleared 500 crore Indian rupees.", 500 * CRORE),
    ),
    *_exact("AUD", ("It took A$20 million.", 20 * M), ("It took AU$2bn.", 2 * B),
            ("It took AUD 2bn.", 2 * B), ("It took 2 billion Australian dollars.", 2 * B)),
    *_exact("HKD", ("It took HK$31 billion.", 31 * B), ("It took HKD 31bn.", 31 * B),
            ("It took 31 billion Hong Kong dollars.", 31 * B)),
    *_exact("CAD", ("It took C$2.4 billion.", 2.4 * B), ("It took CA$240m.", 240 * M),
            ("It took 2.4 billion Canadian dollars.", 2.4 * B), ("It took CAD 5m.", 5 * M)),
    *_exact("SGD", ("It took S$1 billion.", B), ("It took SG$1bn.", B),
            ("It took 1 billion Singapore dollars.", B)),
    *_exact("TWD", ("It took NT$839.25 billion.", 839.25 * B), ("It took NT$ 5bn.", 5 * B),
            ("It took 5 billion New Taiwan dollars.", 5 * B), ("It took TWD 5bn.", 5 * B)),
    *_exact("NZD", ("It took NZ$5 million.", 5 * M), ("It took NZD 5 million.", 5 * M),
            ("It took 5 million New Zealand dollars.", 5 * M)),
    *_exact("JPY", ("It took ¥500 billion.", 500 * B), ("It took 500 billion yen.", 500 * B),
            ("It took JPY 500bn.", 500 * B), ("It took 10 trillion Japanese yen.", 10 * T),
            ("A 10-trillion-yen plan was told.", 10 * T), ("It took JP¥ 5bn.", 5 * B)),
    *_exact("KRW", ("It took 9 trillion won.", 9 * T), ("It took ₩9tn.", 9 * T),
            ("It took KRW 9 trillion.", 9 * T), ("It took 79.1 trillion Korean won.", 79.1 * T)),
    *_exact("CHF", ("It took CHF 20 million.", 20 * M), ("It took CHF20m.", 20 * M),
            ("It took 20 million Swiss francs.", 20 * M), ("It took SFr 20 million.", 20 * M)),
    *_exact("AED", ("It took AED 2 billion.", 2 * B), ("It took 2 billion dirhams.", 2 * B)),
    *_exact("SAR", ("It took SAR 5bn.", 5 * B), ("It took 5 billion riyals.", 5 * B)),
    *_exact("ILS", ("It took NIS 300 million.", 300 * M),
            ("It took 300 million shekels.", 300 * M)),
    *_exact("SEK", ("It took SEK 300 million.", 300 * M), ("It took 300 million kronor.", 300 * M)),
    *_exact("BRL", ("It took R$23 billion.", 23 * B), ("It took 23 billion reais.", 23 * B)),
    *_exact("RUB", ("It took 5 billion roubles.", 5 * B), ("It took ₽5bn.", 5 * B)),
    *_exact("VND", ("It took 5 trillion dong.", 5 * T),),
    *_exact("DKK", ("It took DKK 700 million.", 700 * M),
            ("It took 700 million Danish kroner.", 700 * M)),
    *_exact("NOK", ("It took NOK 700 million.", 700 * M),),
    *_exact("MXN", ("It took 700 million Mexican pesos.", 700 * M), ("It took MX$700m.", 700 * M)),
    *_exact("ZAR", ("It took 700 million rand.", 700 * M)),
    *_exact("PLN", ("It took 700 million zlotys.", 700 * M), ("It took PLN 700m.", 700 * M)),
    *_exact("TRY", ("It took ₺700m.", 700 * M), ("It took 700 million lira.", 700 * M)),
    *_exact("IDR", ("It took Rp 700 billion.", 700 * B), ("It took 700 billion rupiah.", 700 * B)),
    *_exact("MYR", ("It took RM700 million.", 700 * M), ("It took 700 million ringgit.", 700 * M)),
    *_exact("THB", ("It took 700 million baht.", 700 * M), ("It took ฿700m.", 700 * M)),
    *_exact("PHP", ("It took ₱700 million.", 700 * M),),
]  # fmt: skip

BOUNDED: list[Row] = [
    ("It costs $3-4bn.", "USD", 3 * B, 4 * B, "range"),
    ("It costs $3–4 billion.", "USD", 3 * B, 4 * B, "range"),
    ("It costs $3bn-$4bn.", "USD", 3 * B, 4 * B, "range"),
    ("It costs $3 to $4 billion.", "USD", 3 * B, 4 * B, "range"),
    ("It costs 3 to 4 billion dollars.", "USD", 3 * B, 4 * B, "range"),
    ("It costs three to four billion dollars.", "USD", 3 * B, 4 * B, "range"),
    ("It costs between $3bn and $4bn.", "USD", 3 * B, 4 * B, "range"),
    ("It costs between 3 and 4 billion dollars.", "USD", 3 * B, 4 * B, "range"),
    ("It costs between €3 million and €4 million.", "EUR", 3 * M, 4 * M, "range"),
    ("It costs anywhere from $3bn to $4bn.", "USD", 3 * B, 4 * B, "range"),
    ("It costs $900 million to $1.1 billion.", "USD", 0.9 * B, 1.1 * B, "range"),
    ("It costs $900m–$1.1bn.", "USD", 0.9 * B, 1.1 * B, "range"),
    ("It costs £40m to £50m.", "GBP", 40 * M, 50 * M, "range"),
    ("It costs Rs 500-600 crore.", "INR", 500 * CRORE, 600 * CRORE, "range"),
    ("It costs $60 billion or even $65 billion.", "USD", 60 * B, 65 * B, "range"),
    ("It costs $60 billion, if not $65 billion.", "USD", 60 * B, 65 * B, "range"),
    ("It costs $100,000 to $200,000.", "USD", 100 * K, 200 * K, "range"),
    ("It costs ranging from $1 million to $2 million.", "USD", M, 2 * M, "range"),
    ("It costs in the range of $1 million to $2 million.", "USD", M, 2 * M, "range"),
    ("It costs $4 billion ± $1 billion.", "USD", 4 * B, 4 * B, "about"),
]


def _bound(bound: Bound, before: str, after: str = "") -> list[Row]:
    """``before`` and ``after`` are words round a figure, several split at bars."""
    low = None if bound == "at_most" else 5 * B
    high = None if bound == "at_least" else 5 * B
    texts = [f"It will be {words} $5bn." for words in before.split("|")]
    texts += [f"It will be $5bn{words}." for words in after.split("|") if words]
    return [(text, "USD", low, high, bound) for text in texts]


BOUNDED += [
    *_bound("exact", "only|just|a mere|merely|exactly|precisely|a total of|a record|no|another"
            "|an additional|a whopping|an eye-watering"),
    *_bound("about", "about|around|roughly|some|nearly|almost|close to|~|approximately|circa"
            "|an estimated|in the region of|in the neighborhood of|on the order of|close on|nigh on"
            "|something like|in the ballpark of|c.|approx|approx.|≈",
            ", plus or minus 5%| or so| or thereabouts|, give or take|-ish"
            "| plus or minus 5 per cent"
            "|, roughly"),
    *_bound("at_least", "over|more than|at least|upwards of|upward of|a minimum of|north of"
            "|in excess of|well over|just over|a little over|slightly more than|well above|above"
            "|no less than|not less than|a little more than|far more than|much more than|exceeding"
            "|>|≥|a bit over|a shade over|a touch over|well in excess of|a floor of"
            "|at the very least|easily more than|beyond|greater than|better than",
            "-plus|+| or more| at least| plus| and up| at a minimum|, minimum| and counting"),
    *_bound("at_most", "up to|as much as|under|less than|at most|a little less than|a maximum of"
            "|no more than|not more than|below|just under|well under|slightly under|just below"
            "|well below|at the most|shy of|just shy of|capped at|a cap of|a ceiling of"
            "|not exceeding|far less than|slightly less than|a bit less than|just short of|<|≤"
            "|much less than|considerably less than|somewhat less than|significantly less than"
            "|a shade under|fewer than|limited to|a touch under|a little under|a bit under"
            "|not over|at the very most",
            " or less| at most| or under| at the most| or below|, tops| maximum"),
    ("The plan adds up to $5bn.", "USD", 5 * B, 5 * B, "exact"),
    ("The plan could add up to $115 billion.", "USD", 115 * B, 115 * B, "exact"),
    ("The plan will add up to $15.2 billion.", "USD", 15.2 * B, 15.2 * B, "exact"),
    ("The orders added up to $5bn.", "USD", 5 * B, 5 * B, "exact"),
    ("The orders are adding up to $5bn.", "USD", 5 * B, 5 * B, "exact"),
    ("The orders come up to $5bn.", "USD", 5 * B, 5 * B, "exact"),
    ("The orders add up to about $5bn.", "USD", 5 * B, 5 * B, "about"),
    ("The orders add up to more than $5bn.", "USD", 5 * B, None, "at_least"),
    ("The order amounts to $5bn.", "USD", 5 * B, 5 * B, "exact"),
    ("The order amounts to nearly $5bn.", "USD", 5 * B, 5 * B, "about"),
    ("The order could amount to up to $5bn.", "USD", None, 5 * B, "at_most"),
    ("The order totals $5bn.", "USD", 5 * B, 5 * B, "exact"),
    ("The plan comes to $5bn.", "USD", 5 * B, 5 * B, "exact"),
    ("Its costs went up to $5bn.", "USD", 5 * B, 5 * B, "exact"),
    ("Its costs are up to $5bn.", "USD", None, 5 * B, "at_most"),
    ("It handed over $5bn.", "USD", 5 * B, 5 * B, "exact"),
    ("It took over $5bn of debt.", "USD", 5 * B, None, "at_least"),
    ("It wrote about $5bn of debt.", "USD", 5 * B, 5 * B, "about"),
    ("It costs millions of dollars.", "USD", M, B, "vague"),
    ("It costs tens of millions of dollars.", "USD", 10 * M, 100 * M, "vague"),
    ("It costs hundreds of millions of dollars.", "USD", 100 * M, B, "vague"),
    ("It costs tens to low hundreds of millions of dollars.", "USD", 10 * M, B, "vague"),
    ("It costs billions of dollars.", "USD", B, T, "vague"),
    ("It costs tens of billions of dollars.", "USD", 10 * B, 100 * B, "vague"),
    ("It costs hundreds of billions of dollars.", "USD", 100 * B, T, "vague"),
    ("It costs hundreds of thousands of dollars.", "USD", 100 * K, M, "vague"),
    ("It costs several hundred million dollars.", "USD", 100 * M, B, "vague"),
    ("It costs hundreds of millions, if not billions, of dollars.", "USD", 100 * M, T, "vague"),
    ("It paid a nine-figure sum.", "USD", 100 * M, B, "vague"),
    ("It paid a ten-figure sum.", "USD", B, 10 * B, "vague"),
    ("It paid hundreds of dollars.", "USD", 100, K, "vague"),
    ("It paid thousands of dollars.", "USD", K, M, "vague"),
    ("It paid tens of thousands of euros.", "EUR", 10 * K, 100 * K, "vague"),
    ("It paid thousands of crores of rupees.", "INR", K * CRORE, M * CRORE, "vague"),
    ("It paid a multi-billion-dollar fee.", "USD", B, T, "vague"),
    ("It paid a multimillion-pound fee.", "GBP", M, B, "vague"),
    ("It paid several billion yuan.", "CNY", B, T, "vague"),
]  # fmt: skip


def _written() -> list[Row]:
    """Styles by currencies by scales, each with figures that the others do not have."""
    signs = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "JP¥", "INR": "₹", "KRW": "₩"}
    names = {"USD": "dollars", "EUR": "euros", "GBP": "pounds", "JPY": "yen", "INR": "rupees",
             "KRW": "won"}  # fmt: skip
    scales = {"million": ("m", M), "billion": ("bn", B), "trillion": ("tn", T)}
    numbers = cycle(("1", "2.5", "14", "37.25", "110", "999.9"))
    rows: list[Row] = []
    for code, (word, (short, scale)) in product(signs, scales.items()):
        for style in (
            "{sign}{n}{short}", "{sign}{n} {word}", "{n} {word} {name}", "{n}{short} {name}",
            "{code} {n} {word}", "a {sign}{n}-{word} deal", "{sign}{n:,} {word}",
        ):  # fmt: skip
            n = next(numbers)
            if "{n:,}" in style:
                n, style = "1,250", style.replace(":,", "")  # noqa: PLW2901
            words = {"sign": signs[code], "n": n, "short": short, "word": word,
                     "name": names[code], "code": code}  # fmt: skip
            amount = float(n.replace(",", "")) * scale
            rows.append((f"It paid {style.format(**words)}.", code, amount, amount, "exact"))
    return rows


WRITTEN = _written()
ROWS = [*SINGLE, *BOUNDED, *WRITTEN]
