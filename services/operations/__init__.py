"""What somebody who runs Beatwire looks at: stages, dead letters, sources, freshness, versions."""
