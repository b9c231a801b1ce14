"""Small things that every floor needs, and that know nothing of claims."""
