"""What a release says of itself: card, Croissant description, manifest."""
