"""The actions of flows, a file a group; running/table.py says which function does which."""
