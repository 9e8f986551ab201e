"""The rule language: YAML packs, read with their line numbers, layered, typed and hashed."""
