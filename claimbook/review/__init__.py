"""What changes between two revisions: verdicts, numbers, margins, and what is behind each move.

`revisions` brings a revision's files into a folder, `probe` recomputes its claims with its own
package, `content` reads its entries as they are written, `changes` and `moves` compare the two,
`notices` picks out what deserves a second look, and `report` with `markdown` says it.
"""
