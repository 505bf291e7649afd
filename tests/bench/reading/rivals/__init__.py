"""Other people's software over the same claims, each in an environment of its own. It imports nothing of ours."""
