"""What somebody who rings or stands at the desk can be helped with at once."""
