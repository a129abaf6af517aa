"""The sandbox's Route 53: its operations through boto3, and its pure parts by themselves."""
