"""What is true and what follows: codes, calendar, register, measures, rulebook, match, inference, explain.

Nothing here touches a clock, a disk, a network or a database: time and facts are arguments.
"""
