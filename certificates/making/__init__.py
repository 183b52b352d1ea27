"""Files made in the queue: certificates, large prints and previews; how the queue stands; telling the holder."""
