"""What changes between two revisions: verdicts, numbers, margins, and what is behind each move.

`revisions` brings the files of a revision into a folder; `states` asks it, with its own package,
for a `snapshot` of its data and of what its claims come to. `content` puts together what is
written, with the code of each `notebook`. `changes` and `moves` compare two revisions, `causes`
says what a move is based on, `notices` picks out what needs a second look. `report` holds all that
as data, and `markdown` writes it, with the texts of a proposal made `inert`.
"""
