"""The answer desk: questions of councillors, scrutiny, tribunals and the public, answered with published figures."""
