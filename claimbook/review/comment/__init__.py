"""The comment under a pull request: made from a report that nobody vouches for.

`artifact` reads the report as data, `body` makes harmless text of it, and `posting` hands that to
GitHub's command line.
"""
