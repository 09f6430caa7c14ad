"""What was done is done again, on purpose: pages are read and articles indexed once more."""
