"""What ``processors.query.match`` is made of.

``facts`` says what an article has, in words that a query can ask for; ``formulas`` puts a query in
these words; ``checks`` decides what they cannot tell; ``plans`` says how a topic is looked for.
"""
