"""The pages: each reads the request, calls one domain function or one read model, and answers."""
