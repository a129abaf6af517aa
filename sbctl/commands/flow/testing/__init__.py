"""`sbctl flow test`: which tests run where, what they found, and how it is told."""
