"""The comment under a pull request: made from a report that nobody vouches for.

`artifact` reads the report as data, `event` says which run it comes from, `body` makes the text,
`github` talks to the interface, and `posting` joins them.
"""
