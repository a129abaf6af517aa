"""What AWS's CloudWatch does otherwise than moto."""
