"""Who hears of a body's meetings, and what they read: invitations, reminders, minutes (section 5, U6)."""
