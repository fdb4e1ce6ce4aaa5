"""A stand-in of drgn's interface: one small machine whose answers the test knows."""
import os

__version__ = os.environ.get("STANDIN_VERSION", "0.3.0")
WORD, PAGE = 8, 4096
RANDOM = 0x0123456789ABCDEF
SLABS = {0xFFFF888000100000: [5, 9, 2], 0xFFFF888000200000: [63, 0]}
STACK, CANARY = 0xFFFFC90000010000, 0x1122334455667700


class FaultError(Exception):
    pass


class NoDefaultProgramError(Exception):
    pass


class Text:
    def __init__(self, text):
        self.text = text

    def string_(self):
        return self.text.encode()


class Object:
    """A value with members; the members of a pointer are those of what it points to."""

    def __init__(self, value=0, **members):
        self.__dict__.update(members)
        self._value = value

    def value_(self):
        return self._value

    def __int__(self):
        return self._value

    def __bool__(self):
        return self._value != 0

    def __getitem__(self, index):
        return self


class Type:
    def __init__(self, members, size):
        self.members, self.size = members, size

    def has_member(self, name):
        return name in self.members


def slab_bytes(base, order):
    """A slab of 64-byte objects whose free list goes through the slots of `order`, encoded as since 5.7."""
    data = bytearray(PAGE)
    for slot in range(64):
        data[slot * 64:slot * 64 + 6] = b"slot%02d" % slot
    for slot, following in zip(order, order[1:] + [None]):
        place = base + slot * 64 + 32
        pointer = 0 if following is None else base + following * 64
        turned = int.from_bytes(place.to_bytes(WORD, "little"), "big")
        data[slot * 64 + 32:slot * 64 + 40] = (pointer ^ RANDOM ^ turned).to_bytes(WORD, "little")
    return bytes(data)


def stack_bytes():
    data = bytearray(16384)
    data[0:4] = (0x57AC6E9D).to_bytes(4, "little")
    for at, word in ((16000, CANARY), (15992, 0xFFFFFFFF81000200), (16056, 0xFFFFFFFF81000300)):
        data[at:at + 8] = word.to_bytes(8, "little")
    return bytes(data)


class Local:
    absent_ = False

    def __init__(self, address, size):
        self.address_, self.size = address, size
        self.type_ = Type([], size)
        self.type_.type_name = lambda: "char [%d]" % size


class StackFrame:
    interrupted = False

    def __init__(self, name, sp, pc, is_inline=False, variables=None):
        self.name, self.sp, self.pc, self.is_inline = name, sp, pc, is_inline
        self.variables = variables or {}

    def source(self):
        return ("kernel/%s.c" % self.name, 7, 1)

    def locals(self):
        return list(self.variables)

    def __getitem__(self, name):
        if name == "lost":
            raise LookupError("lost")
        return self.variables[name]


class Program:
    TYPES = {
        "struct kmem_cache": Type(["random", "random_seq", "useroffset", "usersize", "cpu_slab",
                                   "flags", "red_left_pad", "oo"], 256),
        "struct kmem_cache_cpu": Type(["slab", "partial"], 32),
        "struct slab": Type(["slab_list", "freelist"], 64),
        "struct task_struct": Type(["stack_vm_area", "stack_canary", "thread_info"], 9000),
        "void *": Type([], int(os.environ.get("STANDIN_WORD", "8"))),
        "union thread_union": Type([], 16384), "struct pt_regs": Type([], 168)}
    SYMBOLS = {"_stext": 0xFFFFFFFF81000000, "_etext": 0xFFFFFFFF81E00000,
               "__check_object_size": 0xFFFFFFFF81123450, "__start_orc_unwind": 0xFFFFFFFF82000000}

    # Since 6.9 the flags of a cache are numbered by an enumeration.
    BITS = {"_SLAB_RED_ZONE": 1, "_SLAB_POISON": 2, "_SLAB_HWCACHE_ALIGN": 4, "_SLAB_PANIC": 8,
            "_SLAB_TYPESAFE_BY_RCU": 9, "_SLAB_OBJECT_POISON": 20}

    def constant(self, name):
        return Object(self.BITS[name])

    def type(self, name):
        if name == "enum _slab_flag_bits" and "STANDIN_FLAGS" in os.environ:
            return Type([], 4)
        if os.environ.get("STANDIN_SYMBOLS") == "none" or name not in self.TYPES:
            raise LookupError("could not find '%s'" % name)
        return self.TYPES[name]

    def symbol(self, name):
        if name not in self.SYMBOLS:
            raise LookupError("could not find symbol '%s'" % name)
        return Object(address=self.SYMBOLS[name])

    def __getitem__(self, name):
        values = {"PAGE_SIZE": Object(PAGE), "nr_node_ids": Object(1), "max_pfn": Object(65536),
                  "page_offset_base": Object(0xFFFF888000000000),
                  "vmalloc_base": Object(0xFFFFC90000000000),
                  "init_uts_ns": Object(name=Object(
                      release=Text("6.1.0-test"), version=Text("#1"), machine=Text("x86_64"))),
                  "saved_command_line": Text("quiet")}
        if name not in values:
            raise LookupError(name)
        return values[name]

    def read(self, address, size):
        for base, order in SLABS.items():
            if base <= address and address + size <= base + PAGE:
                return slab_bytes(base, order)[address - base:address - base + size]
        if STACK <= address and address + size <= STACK + 16384:
            return stack_bytes()[address - STACK:address - STACK + size]
        raise FaultError("could not read memory at 0x%x" % address)

    def stack_trace(self, task):
        return [StackFrame("inner", STACK + 15952, 0xFFFFFFFF81000100, True),
                StackFrame("sleeps", STACK + 15952, 0xFFFFFFFF81000100,
                           variables={"buf": Local(STACK + 15960, 16), "lost": None}),
                StackFrame("syscall", STACK + 16000, 0xFFFFFFFF81000200),
                StackFrame("entry", STACK + 16064, 0xFFFFFFFF81000300)]


def slab(base, order, frozen):
    return Object(base >> 6, base=base, objects=Object(64), inuse=Object(64 - len(order)),
                  frozen=Object(frozen), next=Object(),
                  freelist=Object(0 if frozen else base + order[0] * 64))


ACTIVE, PARTIAL = (slab(base, order, frozen) for (base, order), frozen in zip(SLABS.items(), (1, 0)))
CACHE = Object(
    0xFFFF888000001000, name=Text("kmalloc-64"), size=Object(64), object_size=Object(64),
    align=Object(64), inuse=Object(64), offset=Object(32), flags=Object(int(os.environ.get("STANDIN_FLAGS", "0x40000000"), 16)),
    oo=Object(x=Object(64)), useroffset=Object(0), usersize=Object(64), random=Object(RANDOM),
    red_left_pad=Object(0), ctor=Object(),
    cpu_slab=Object(1, slab=ACTIVE, freelist=Object(0xFFFF888000100000 + 5 * 64), partial=Object()))


class Nodes:
    def __getitem__(self, index):
        return Object(1, partial=Object(address_of_=lambda: "partial"))


CACHE.node = Nodes()
TASK = Object(
    0xFFFF888000300000, pid=Object(7), tgid=Object(7), comm=Text("sleeper"), stack=Object(STACK),
    mm=Object(1), stack_canary=Object(CANARY), cred=Object(0xFFFF888000301000),
    stack_vm_area=Object(1, addr=Object(STACK), size=Object(20480)))


def get_default_prog():
    if os.environ.get("STANDIN_PROGRAM") == "none":
        raise NoDefaultProgramError("no default program")
    return Program()


def cast(type_, value):
    return value


def sizeof(value):
    return value.size


def offsetof(type_, member):
    raise LookupError(member)
