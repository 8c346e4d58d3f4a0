"""How a case moves and who may move it: profiles, policy, flows, steps, work items, deadlines."""
