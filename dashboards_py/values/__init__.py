"""The Helm values that boards need, and checks of a user's values."""
