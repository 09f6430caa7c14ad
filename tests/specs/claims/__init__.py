"""Tables of our own sentences, one a kind: what each says, and what it does not."""
