"""Who hears of it: events to messages, the outbox and its delivery."""
