"""Names of months, in the languages that feeds use where the standard asks for English."""

_NAMES = (
    # English, German, Dutch, Scandinavian, Indonesian
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "jan feb mär apr mai jun jul aug sep okt nov dez",
    "jän feb mrz apr mai jun jul aug sep okt nov dez",
    "jan feb maart apr mei jun jul aug sep okt nov dec",
    "jan feb mrt apr maj jun jul agu sep okt nov des",
    # French, Spanish, Italian, Portuguese, Catalan, Romanian
    "jan fév mars avr mai juin juil août sep oct nov déc",
    "jan fev mars avr mai juin juil aou sep oct nov dec",
    "ene feb mar abr may jun jul ago sep oct nov dic",
    "gen feb mar apr mag giu lug ago set ott nov dic",
    "jan fev mar abr mai jun jul ago set out nov dez",
    "gen febr març abr maig juny jul ago set oct nov des",
    "ian feb mar apr mai iun iul aug sep oct noi dec",
    # Polish, Czech, Hungarian, Finnish, Turkish
    "sty lut mar kwi maj cze lip sie wrz paź lis gru",
    "led úno bře dub kvě červen červenec srp zář říj lis pro",
    "jan feb már ápr máj jún júl aug sze okt nov dec",
    "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu",
    "oca şub mar nis may haz tem ağu eyl eki kas ara",
    # Russian, Ukrainian, Greek
    "янв фев мар апр мая июн июл авг сен окт ноя дек",
    "янв фев мар апр май июн июл авг сен окт ноя дек",
    "січ лют бер кві тра чер лип сер вер жов лис гру",
    "ιαν φεβ μάρ απρ μάι ιούν ιούλ αύγ σεπ οκτ νοέ δεκ",
    "ιαν φεβ μαρ απρ μαι ιουν ιουλ αυγ σεπ οκτ νοε δεκ",
    "ιαν φεβ μάώ απρ μαϊ ιον ιολ αυγ σεπ οκτ νοε δεκ",
    "ιαν φεβ μαώ απρ μαΐ ιον ιολ αυγ σεπ οκτ νοε δεκ",
)
MONTHS = {
    name.casefold(): number for names in _NAMES for number, name in enumerate(names.split(), 1)
}
"""Numbers by how a name begins, in the least letters that tell it from the others."""
