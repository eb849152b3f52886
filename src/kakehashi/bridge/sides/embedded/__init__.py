"""Our own CRM and Desk, called in process: the only place where the bridge meets them."""
