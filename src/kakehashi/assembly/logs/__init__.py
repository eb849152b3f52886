"""What the processes write about themselves: a line per fact, as text or as JSON, with ids of people and tenants but never with what
customers wrote or are called."""
