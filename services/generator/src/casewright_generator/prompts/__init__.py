"""Prompts: one template per version, which is never changed once stories have been answered with it."""
