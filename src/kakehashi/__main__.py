from kakehashi.assembly.cli import app

app()
