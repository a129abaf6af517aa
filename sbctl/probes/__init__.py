"""Questions to the outside that are no AWS API calls: what DNS answers, what an endpoint answers."""
