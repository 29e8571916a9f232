"""What is held about a labeler, read for their own eyes."""
