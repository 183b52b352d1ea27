"""Sign-in cards and invitations for people who have never signed in, made batch by batch."""
