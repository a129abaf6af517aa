"""What AWS's IAM does otherwise than moto."""
