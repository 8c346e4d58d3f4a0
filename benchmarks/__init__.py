"""Timings of the house beside hand-written SQL and the stock engine, in one run on one machine."""
