"""The review of a challenge: both sides beside each other, triage, the decision, and its way to readers."""
