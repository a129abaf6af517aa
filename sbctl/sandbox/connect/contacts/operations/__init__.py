"""The operations on contacts."""
