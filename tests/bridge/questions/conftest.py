from tests.bridge.deal_links.conftest import World, world

__all__ = ["World", "world"]
