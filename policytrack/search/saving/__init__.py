"""Keep searches: run again, shared, told of by mail and by feed.

What is kept is the question, never its answer. Who runs a search finds what they may see
themselves; a mail tells its reader's news, a feed only what is public.
"""
