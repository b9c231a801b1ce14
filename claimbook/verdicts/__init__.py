"""From readings to results: what a claim comes to, and how far it is from another verdict."""
