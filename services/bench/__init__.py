"""Measurements that anyone can repeat; the texts are those of the sample newsroom."""
