import drgn


def list_for_each_entry(type_, head, member):
    return iter([drgn.PARTIAL])
