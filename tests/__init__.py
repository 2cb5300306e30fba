"""The tests of the whole house; they mirror its tree."""
