"""One story, many copies: what tells them apart, and what is left when they are counted once."""
