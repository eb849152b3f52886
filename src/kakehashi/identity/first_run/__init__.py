from .slots import FIRST_RUN, FirstProduct

__all__ = ["FIRST_RUN", "FirstProduct"]
