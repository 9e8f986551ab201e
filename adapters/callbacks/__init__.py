"""What providers post to us: verified by each provider's own means, then read into plain values.

One file for each provider; a new one is a file beside these and its routes in routes.py.
"""
