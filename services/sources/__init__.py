"""Sources as people have them: the catalogue, lists in files, the rules for one, their states."""
