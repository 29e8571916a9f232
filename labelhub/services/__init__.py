"""One function an intention: takes a session and the time, never commits."""
