"""A certificate as a document: facts, words, sizes and pictures, put into the templates. Makes no PDF."""
