"""Tags of all services, by the page: the Resource Groups Tagging API."""
