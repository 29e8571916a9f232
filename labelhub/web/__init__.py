"""Pages: blueprints by audience, and what they share. Views hold no queries."""
