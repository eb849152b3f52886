"""Live pages: one stream of server-sent events per open page, fed by the notices that commits send. No ORM, no threads."""
