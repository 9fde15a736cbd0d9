"""What the story's author is asked."""
