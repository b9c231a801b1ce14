"""Help for those who add a claim."""
