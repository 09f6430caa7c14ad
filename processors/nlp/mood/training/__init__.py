"""Training of both models from labelled targets. Needs the extra ``train``; nothing else does."""
