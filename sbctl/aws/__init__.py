"""Floor 1: the only boto3 of the product: one client with stacked layers."""
