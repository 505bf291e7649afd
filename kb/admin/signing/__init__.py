"""The pages of signing in: the door itself, one's own second factor and sessions, and the colleagues'."""
