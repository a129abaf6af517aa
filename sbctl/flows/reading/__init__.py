"""From a file to a flow: exports, wrappers, Python."""
