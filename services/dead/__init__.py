"""Dead letters: events that no stage could bring to an end, and what became of each."""
