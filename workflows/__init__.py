"""Cases, people and time: one file per use case, between the engine and the outside."""
