"""What is readable in a rulebook and yet cannot be meant: each check a pure function Rulebook -> problems."""
