"""The main flow from draft to follow-up, its loops and its ends."""
