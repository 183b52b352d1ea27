"""What comes from outside: addresses, query arguments, forms, names of files. Only what can be kept gets further."""
