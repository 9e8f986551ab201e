"""What follows from what matched: durable-rules decides, and a plain reference must agree.

Read in this order: facts (the values), reference (the meaning), ruleset (the same meaning as rules
over facts), durable (the host that runs them), agree (both, compared: what decide() uses).
"""
