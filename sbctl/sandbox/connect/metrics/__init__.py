"""Metrics that the API tells: real-time and historical figures of queues, agents and contacts."""
