"""Test cases: their content, their executions, and the simulated contact that runs a flow for one."""
