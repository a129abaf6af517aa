"""What alarms and dashboards are made of."""
