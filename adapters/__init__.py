"""The outside, both ways: store, sources of registers, command line."""
