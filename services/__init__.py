"""Everything that runs: bus, index, store, stages, workers, web and command line."""
