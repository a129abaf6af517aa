"""What moves contacts: flows that run, queues, agents, timers."""
