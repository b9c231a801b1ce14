"""The benchmark behind `make bench`: this book against the stock tools, and synthetic books."""
