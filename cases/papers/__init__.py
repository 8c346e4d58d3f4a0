"""Papers: documents made from a case, as PDF/A and as Word, from one structure. Knows nothing of flows."""
