"""What the cells of a notebook talk to, and what they show."""
