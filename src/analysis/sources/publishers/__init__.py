"""What each publisher's files look like: one module a publisher, its recipes side by side.

A recipe takes the path of an original file and returns the raw table that we keep of it: the
figures as the publisher states them, aggregates of ours, areas by the publisher's own names.
"""
