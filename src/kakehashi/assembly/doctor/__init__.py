"""`kakehashi doctor`: everything that could keep the product from working well, each with what to do about it."""
