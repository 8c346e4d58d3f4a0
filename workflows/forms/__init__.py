"""What people fill in. The rules live in the domain functions; a form only says what there is to fill in."""
