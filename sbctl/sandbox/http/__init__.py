"""The server: connections, requests, who may ask, and the control API."""
