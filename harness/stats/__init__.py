"""Pure statistics on numpy arrays: arrays in, frozen dataclasses out, ``NoValue`` where n is too small."""
