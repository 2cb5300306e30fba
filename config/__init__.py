"""What a hall may change without a programmer."""
