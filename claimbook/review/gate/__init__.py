"""The mutation gate: every number in `data/` is moved, and the ledger must notice.

A check that stays green whatever its inputs are is worth nothing. So each cited input and each
numeric or yes/no cell of a table is changed in memory, the notebooks that name it are run again,
and what they come to is compared with the ledger, as `claimbook check` does. Where a reading has
a break-even, its outcome must stay just inside and change outside; any other number must change
some row, or `data/` says why it is only context. Texts and dates are not moved.
"""
