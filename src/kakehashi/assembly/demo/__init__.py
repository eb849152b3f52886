"""Demo data: an invented company that makes temperature loggers, its customers and what they ask. No real person or company is meant."""
