"""From rows to what the components show. No statements are made here, and no decisions on access."""
