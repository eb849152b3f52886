from kakehashi.assembly.cli import main

main()
