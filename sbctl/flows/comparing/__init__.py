"""What two contents of a flow do differently, for the service and for callers."""
