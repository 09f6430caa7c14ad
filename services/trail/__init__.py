"""Trails: what became of one address, from the listing that named it to who was told of it."""
