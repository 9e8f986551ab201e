"""Where facts come from: one file for each source, and the report of what was refused."""
