"""Ideas of the course as PyTorch modules."""
