"""Mail: how a message becomes one, how its headers are put into lines, and how it leaves."""
