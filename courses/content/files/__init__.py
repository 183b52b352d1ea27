"""One reader for each kind of file in a bundle. Each turns what an author wrote into the model, or into findings."""
