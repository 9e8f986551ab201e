"""`firstbell serve`: the alarm clock, what it does when it rings, and a window onto it.

Read in this order: serving (what is done at each look), alarm (when), web (health and figures), logs.
"""
