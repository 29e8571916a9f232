"""My record: all that is held about a labeler, shown to them, given to them, brought by them."""
