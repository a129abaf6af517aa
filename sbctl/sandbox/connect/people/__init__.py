"""Users, and what they are, may and can: security profiles, hierarchy, agent statuses, quick connects, predefined attributes."""
