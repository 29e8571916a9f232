"""What can be asked of an item, and what a valid rating is."""
