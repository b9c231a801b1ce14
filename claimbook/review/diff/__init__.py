"""What changes between two revisions: verdicts, numbers, margins, and what is behind each move.

`revisions` brings the files of a revision into a folder; `probe` recomputes its claims with its
own package; `content` reads its entries as they are written. `changes` and `moves` compare the
two, `causes` says what a move rests on, `notices` picks out what deserves a second look. `report`
holds all that as data, and `markdown` writes it, with the texts of a proposal made `inert`.
"""
