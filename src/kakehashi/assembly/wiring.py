"""Puts the floors together: who reads which events, and who fills which slot. Read this to see how the product hangs together."""


def wire() -> None:
    """Called once per process, when Django is ready."""
    from kakehashi.assembly.crm import wire_crm
    from kakehashi.assembly.environment import flag
    from kakehashi.assembly.first_run import wire_first_run
    from kakehashi.core.attachments.sweeping import KEEPERS
    from kakehashi.core.events.loop import add_subscriber
    from kakehashi.core.watchers import WATCHERS, Watcher
    from kakehashi.desk.followers.telling import SUBSCRIBER as NOTICES_OF_CHANGES
    from kakehashi.desk.intake.taking import mails_with
    from kakehashi.desk.mailboxes.watching import watch_mailboxes
    from kakehashi.desk.portals.queries import workspace_links as desk_links
    from kakehashi.desk.portals.workspace import workspace_by_address
    from kakehashi.desk.ratings.asking import SUBSCRIBER as RATING_REQUESTS
    from kakehashi.desk.ticket_search.following import SUBSCRIBER as NAMES_OF_CUSTOMERS
    from kakehashi.ui.shell.workspace import WORKSPACE_LINKS, WORKSPACES_BY_ADDRESS

    wire_first_run()
    KEEPERS.append(mails_with)
    WATCHERS.append(Watcher("mailboxes", watch_mailboxes))
    WORKSPACE_LINKS.add(desk_links, order=20)
    WORKSPACES_BY_ADDRESS.add(workspace_by_address)
    add_subscriber(RATING_REQUESTS)
    add_subscriber(NOTICES_OF_CHANGES)
    add_subscriber(NAMES_OF_CUSTOMERS)
    wire_crm()

    if not flag("KAKEHASHI_WITHOUT_BRIDGE"):
        from kakehashi.assembly.bridge import wire_bridge

        wire_bridge()
