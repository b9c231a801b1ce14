"""Notebooks run: in this process or in kernels, and what is kept of them."""
