"""The hall server: the one authority of a service hall."""
