"""Policy, dose, breaks and the gate: what keeps people from harm."""
