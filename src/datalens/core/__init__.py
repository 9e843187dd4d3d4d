"""Floor 1: errors, keys, fingerprints, the cache, progress, lazy imports. Imports nothing of DataLens."""
