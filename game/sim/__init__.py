"""When things happen: the only package that knows SimPy."""
