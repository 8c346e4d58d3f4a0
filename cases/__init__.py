"""What a case is: organisations, partnerships, proposals, decisions, documents, the register and the history."""
