"""Sentiment towards targets: a port, two models of our own behind it, and the pipeline's step.

``port`` says what a model is asked and answers, ``registry`` opens one by its name, ``step`` asks
it in the pipeline, ``aggregate`` makes one mood of an entity's sentences.
"""
