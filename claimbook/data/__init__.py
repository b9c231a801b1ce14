"""Everything in `data/`: its models, and how it is read, checked and explained."""
