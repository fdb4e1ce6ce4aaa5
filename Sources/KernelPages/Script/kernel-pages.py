#!/usr/bin/env python3
"""Writes pieces of a Linux kernel's memory as JSON of the format kernel-pages, version 1.

Runs under drgn 0.0.33 or later, with debug symbols of that very kernel:

  this machine    drgn kernel-pages.py --cache kmalloc-64 -o pages.json      (root, /proc/kcore)
  a crash dump    drgn -c VMCORE -s VMLINUX kernel-pages.py --task 1 -o pages.json
  a QEMU guest    drgn -c DUMP -s VMLINUX kernel-pages.py ... with a DUMP of dump-guest-memory;
                  the guest wants '-device vmcoreinfo'

Only drgn's public interface is used. What cannot be read is said on standard error and left out.
"""
import argparse
import json
import sys

import drgn
from drgn import FaultError, cast, offsetof, sizeof
from drgn.helpers.linux.list import list_for_each_entry
from drgn.helpers.linux.mm import compound_head, compound_order, for_each_page, page_to_virt, virt_to_page, PageSlab
from drgn.helpers.linux.pid import find_task, for_each_task
from drgn.helpers.linux.slab import find_containing_slab_cache, for_each_slab_cache

NEEDED = (0, 0, 33)
FLAGS = {"SLAB_HWCACHE_ALIGN": 0x2000, "SLAB_PANIC": 0x40000, "SLAB_TYPESAFE_BY_RCU": 0x80000,
         "SLAB_RED_ZONE": 0x400, "SLAB_POISON": 0x800, "SLAB_STORE_USER": 0x10000,
         "SLAB_ACCOUNT": 0x4000000, "SLAB_RECLAIM_ACCOUNT": 0x20000,
         "SLAB_OBJECT_POISON": 0x80000000}
WORD = 8
unread = []


def hexed(value):
    return "0x%x" % (int(value) & (1 << 64) - 1)


def miss(what, error):
    line = "%s: %s" % (what, str(error) or type(error).__name__)
    if line not in unread:
        unread.append(line)


def attempt(what, function, *arguments):
    """The function's value; None, and a note, where the memory or the symbols do not give it."""
    try:
        return function(*arguments)
    except (FaultError, ImportError, LookupError, AttributeError, ValueError, TypeError) as error:
        miss(what, error)
        return None


def bytes_of(kind):
    """Bytes of a type; 0 for one that has none, such as a flexible array."""
    try:
        return sizeof(kind)
    except (TypeError, ValueError):
        return 0


def has(prog, kind, member):
    try:
        return prog.type(kind).has_member(member)
    except LookupError:
        return False


def flag_bits(prog):
    """What each flag of a cache is here: since 6.9 an enumeration numbers them, before they were fixed."""
    try:
        prog.type("enum _slab_flag_bits")
    except LookupError:
        return FLAGS
    bits = {}
    for name in FLAGS:
        try:
            bits[name] = 1 << int(prog.constant("_" + name))
        except LookupError:
            bits[name] = 0
    return bits


def symbol(prog, name):
    try:
        return prog.symbol(name).address
    except LookupError:
        return None


class Exporter:
    def __init__(self, prog, options):
        self.prog = prog
        self.options = options
        self.slab_type = "struct slab" if has(prog, "struct slab", "freelist") else "struct page"
        self.encoding = None if has(prog, "struct kmem_cache", "random") else "plain"
        self.flags = flag_bits(prog)
        self.caches = {}
        self.slabs = {}
        self.traces = {}

    # The machine

    def kernel(self):
        prog = self.prog
        name = prog["init_uts_ns"].name
        return {
            "release": name.release.string_().decode(), "version": name.version.string_().decode(),
            "machine": name.machine.string_().decode(), "page_size": int(prog["PAGE_SIZE"]),
            "word_bytes": WORD, "endian": "little",
            "cmdline": attempt("command line", lambda: prog["saved_command_line"].string_().decode(
                errors="replace"))}

    def config(self):
        prog = self.prog
        unwinder = None
        if symbol(prog, "__start_orc_unwind") is not None or symbol(prog, "orc_init") is not None:
            unwinder = "orc"
        bypass = attempt("hardened_usercopy=", lambda: int(
            prog["bypass_usercopy_checks"].key.enabled.counter) > 0)
        return {
            "slab_allocator": "slub" if has(prog, "struct kmem_cache", "cpu_slab")
            or has(prog, "struct kmem_cache", "oo") else "slab",
            "SLAB_FREELIST_HARDENED": has(prog, "struct kmem_cache", "random"),
            "SLAB_FREELIST_RANDOM": has(prog, "struct kmem_cache", "random_seq"),
            "usercopy_windows": has(prog, "struct kmem_cache", "useroffset"),
            "HARDENED_USERCOPY": symbol(prog, "__check_object_size") is not None,
            "VMAP_STACK": has(prog, "struct task_struct", "stack_vm_area"),
            "STACKPROTECTOR": has(prog, "struct task_struct", "stack_canary"),
            "THREAD_INFO_IN_TASK": has(prog, "struct task_struct", "thread_info"),
            "KFENCE": symbol(prog, "kfence_protect") is not None,
            "KASAN": symbol(prog, "kasan_report") is not None,
            "unwinder": unwinder, "usercopy_checks_bypassed": bypass}

    def layout(self):
        prog = self.prog
        ranges = []
        for name, first, last in (("text", "_stext", "_etext"),
                                  ("rodata", "__start_rodata", "__end_rodata"),
                                  ("data", "_sdata", "_edata"),
                                  ("bss", "__bss_start", "__bss_stop")):
            start, end = symbol(prog, first), symbol(prog, last)
            if start is None or end is None:
                miss("section " + name, "no symbols")
            else:
                ranges.append({"name": name, "start": hexed(start), "end": hexed(end)})
        layout = {"ranges": ranges}
        for name, variable in (("direct_map", "page_offset_base"), ("vmalloc", "vmalloc_base"),
                               ("vmemmap", "vmemmap_base")):
            value = attempt(name, lambda: int(prog[variable]))
            if value is not None:
                layout[name] = hexed(value)
        pages = attempt("max_pfn", lambda: int(prog["max_pfn"]))
        if pages is not None:
            layout["max_pfn"] = pages
        return layout

    # Caches

    def cache(self, s):
        def number(member, default=None):
            return int(getattr(s, member)) if has(self.prog, "struct kmem_cache", member) else default
        flags = number("flags")
        oo = int(s.oo.x)
        name = s.name.string_().decode()
        size, inuse = int(s.size), int(s.inuse)
        cache = {
            "name": name, "address": hexed(s.value_()), "object_size": int(s.object_size),
            "stride": size, "align": int(s.align), "inuse": inuse,
            "freeptr_offset": int(s.offset),
            "red_zone": bool(flags & self.flags["SLAB_RED_ZONE"]),
            "red_left_pad": number("red_left_pad", 0) if flags & self.flags["SLAB_RED_ZONE"] else 0,
            "poison": bool(flags & self.flags["SLAB_POISON"]),
            "object_poison": bool(flags & self.flags["SLAB_OBJECT_POISON"]),
            "store_user": bool(flags & self.flags["SLAB_STORE_USER"]),
            "order": oo >> 16, "slab_bytes": int(self.prog["PAGE_SIZE"]) << (oo >> 16),
            "objs_per_slab": oo & 0xffff, "flags": hexed(flags),
            "flag_names": sorted(key[5:] for key, bit in self.flags.items()
                                 if flags & bit and key != "SLAB_OBJECT_POISON")}
        for member in ("useroffset", "usersize"):
            if number(member) is not None:
                cache[member] = number(member)
        if number("random") is not None:
            cache["random"] = hexed(number("random"))
        if int(s.ctor):
            cache["ctor"] = hexed(s.ctor)
        return cache

    def read_caches(self):
        aliases = {}
        try:
            from drgn.helpers.linux.slab import get_slab_cache_aliases
            for alias, name in get_slab_cache_aliases(self.prog).items():
                aliases.setdefault(name, []).append(alias)
        except (ImportError, LookupError, FaultError, ValueError) as error:
            miss("names of merged caches", error)
        for s in for_each_slab_cache(self.prog):
            cache = attempt("a cache", self.cache, s)
            if cache:
                cache["aliases"] = sorted(aliases.get(cache["name"], []))
                self.caches[int(s.value_())] = (s, cache)

    # Slabs

    def decode(self, encoding, cache, stored, place):
        if encoding == "plain":
            return stored
        mixed = place if encoding == "xor" else int.from_bytes(place.to_bytes(WORD, "little"), "big")
        return stored ^ int(cache["random"], 16) ^ mixed

    def walk(self, cache, base, count, data, head, encoding):
        """Slots of a free list in order, and what it ends in where that is not NULL."""
        first = base + cache["red_left_pad"]
        slots, pointer = [], head
        while pointer:
            slot, rest = divmod(pointer - first, cache["stride"])
            if rest or not 0 <= slot < count:
                return slots, "pointer %s is outside the slab" % hexed(pointer)
            if slot in slots:
                return slots, "cycle back to %s" % hexed(pointer)
            slots.append(slot)
            at = cache["red_left_pad"] + slot * cache["stride"] + cache["freeptr_offset"]
            if at + WORD > len(data):
                return slots, "unreadable"
            stored = int.from_bytes(data[at:at + WORD], "little")
            pointer = self.decode(encoding, cache, stored, base + at)
        return slots, None

    def freelist(self, owner, cache, base, count, data, head):
        ways = [self.encoding] if self.encoding else ["xor-swab", "xor"]
        walked = [(way, self.walk(cache, base, count, data, head, way)) for way in ways]
        way, (slots, error) = next(((w, r) for w, r in walked if not r[1]), walked[0])
        if self.encoding is None and not error and len(slots) > 1:
            self.encoding = way
        result = {"owner": owner, "head": hexed(head), "slots": slots}
        if error:
            result["error"] = error
        return result

    def base(self, slab):
        return int(page_to_virt(cast("struct page *", slab)))

    def slab(self, s, cache, slab, where, cpu=None, cpu_head=None):
        base = self.base(slab)
        if base in self.slabs:
            return
        count = int(slab.objects)
        # Where memory was short a slab has fewer pages than its cache asks for.
        order = attempt("order of a slab", lambda: int(compound_order(cast("struct page *", slab))))
        order = cache["order"] if order is None else order
        size = int(self.prog["PAGE_SIZE"]) << order
        data = self.prog.read(base, size)
        lists = []
        if cpu_head is not None:
            lists.append(self.freelist("cpu", cache, base, count, data, cpu_head))
        lists.append(self.freelist("slab", cache, base, count, data, int(slab.freelist)))
        free = {slot for entry in lists for slot in entry["slots"]}
        other = "?" if any("error" in entry for entry in lists) else "A"
        found = {
            "cache": cache["name"], "base": hexed(base), "slab": hexed(slab.value_()),
            "order": order, "bytes": size, "objects": count,
            "inuse_field": int(slab.inuse), "frozen": int(slab.frozen), "where": where,
            "freelists": lists,
            "slots": "".join("F" if slot in free else other for slot in range(count)),
            "data": data.hex()}
        if cpu is not None:
            found["cpu"] = cpu
        if cache["store_user"]:
            tracks = attempt("owner tracks of " + cache["name"], self.tracks, cache, base, count)
            if tracks is not None:
                found["tracks"] = tracks
        self.slabs[base] = found

    # Owner tracks (slub_debug=U): who took each slot last, and who gave it back

    def tracks(self, cache, base, count):
        kind = self.prog.type("struct track")
        behind = cache["inuse"] + (WORD if cache["freeptr_offset"] >= cache["inuse"] else 0)
        tracks = {}
        for slot in range(count):
            start = base + cache["red_left_pad"] + slot * cache["stride"] + behind
            pair = [self.track(drgn.Object(self.prog, kind, address=start + index * sizeof(kind)))
                    for index in (0, 1)]
            if any(pair):
                tracks[str(slot)] = pair
        return tracks

    def track(self, track):
        place = int(track.addr)
        if not place:
            return None
        entry = {"by": self.named(place), "pid": int(track.pid), "cpu": int(track.cpu),
                 "jiffies": int(track.when)}
        if has(self.prog, "struct track", "handle") and int(track.handle):
            entry["trace"] = int(track.handle)
            if str(entry["trace"]) not in self.traces:
                from drgn.helpers.linux.stackdepot import stack_depot_fetch
                trace = attempt("a stack trace", stack_depot_fetch, track.handle)
                self.traces[str(entry["trace"])] = [self.named(frame.pc) for frame in trace or []]
        return entry

    def named(self, place):
        try:
            found = self.prog.symbol(place)
            return "%s+0x%x" % (found.name, place - found.address)
        except LookupError:
            return hexed(place)

    def listed_slabs(self, s, cache):
        """The slabs on a cache's lists: the processors' own, their partial ones, the nodes'."""
        prog = self.prog
        if has(prog, "struct kmem_cache", "cpu_sheaves"):
            miss(cache["name"], "the kernel keeps free objects in sheaves, which are not read")
        if has(prog, "struct kmem_cache", "cpu_slab"):
            from drgn.helpers.linux.cpumask import for_each_online_cpu
            from drgn.helpers.linux.percpu import per_cpu_ptr
            member = "slab" if has(prog, "struct kmem_cache_cpu", "slab") else "page"
            for cpu in for_each_online_cpu(prog):
                own = per_cpu_ptr(s.cpu_slab, cpu)
                active = getattr(own, member)
                if active:
                    yield active, "cpu-active", cpu, int(own.freelist)
                if not has(prog, "struct kmem_cache_cpu", "partial"):
                    continue
                partial, left = own.partial, 1000
                while partial and left:
                    yield partial, "cpu-partial", cpu, None
                    partial, left = partial.next, left - 1
        link = "slab_list" if has(prog, self.slab_type, "slab_list") else "lru"
        for node in range(int(prog["nr_node_ids"])):
            partials = s.node[node]
            if not partials:
                continue
            for slab in list_for_each_entry(self.slab_type, partials.partial.address_of_(), link):
                yield slab, "node-partial", None, None

    def read_cache(self, s, cache):
        left = self.options.most
        for slab, where, cpu, head in self.listed_slabs(s, cache):
            if left == 0:
                return miss(cache["name"], "more than %d slabs; see --most" % self.options.most)
            attempt("a slab of " + cache["name"], self.slab, s, cache, slab, where, cpu, head)
            left -= 1

    def slab_at(self, address):
        s = find_containing_slab_cache(self.prog, address)
        if not s:
            return miss(hexed(address), "no slab holds it")
        known = self.caches.get(int(s.value_()))
        if known is None:
            return miss(hexed(address), "its cache could not be read")
        attempt(known[1]["name"], self.read_cache, *known)
        page = compound_head(virt_to_page(self.prog, address))
        slab = cast(self.slab_type + " *", page)
        attempt(hexed(address), self.slab, known[0], known[1], slab, "full")

    def full_slabs(self, names):
        for page in for_each_page(self.prog):
            try:
                if not PageSlab(page) or compound_head(page).value_() != page.value_():
                    continue
                slab = cast(self.slab_type + " *", page)
                known = self.caches.get(int(slab.slab_cache))
                if known and known[1]["name"] in names and not slab.freelist:
                    self.slab(known[0], known[1], slab, "full")
            except FaultError:
                continue

    # Tasks

    def frames(self, task, base, size):
        frames = []
        trace = list(self.prog.stack_trace(task))
        for number, frame in enumerate(trace):
            entry = {"n": number, "function": frame.name or "?", "inline": bool(frame.is_inline),
                     "pc": hexed(frame.pc), "interrupted": bool(frame.interrupted),
                     "locals": self.locals(frame, base, size)}
            try:
                entry["sp"], entry["sp_offset"] = hexed(frame.sp), frame.sp - base
                source = frame.source()
                entry["source"] = "%s:%d" % (source[0], source[1])
            except LookupError:
                pass
            if not base <= int(entry.get("sp", "0x0"), 16) <= base + size:
                entry.pop("sp", None), entry.pop("sp_offset", None)
            frames.append(entry)
        # A frame ends where the next function's begins.
        for entry, later in zip(frames, range(1, len(frames) + 1)):
            if entry["inline"]:
                continue
            starts = [f["sp_offset"] for f in frames[later:] if not f["inline"] and "sp_offset" in f]
            if starts and entry.get("sp_offset", starts[0]) < starts[0]:
                entry["cfa_offset"] = starts[0]
        return frames

    def locals(self, frame, base, size):
        found = []
        for name in attempt("locals", frame.locals) or []:
            try:
                value = frame[name]
                if value.absent_:
                    continue
                local = {"name": name, "type": value.type_.type_name()}
                if value.address_ is not None:
                    local["size"] = sizeof(value)
                    if base <= value.address_ < base + size:
                        local["stack_offset"] = value.address_ - base
                    else:
                        local["address"] = hexed(value.address_)
                found.append(local)
            except (LookupError, FaultError, ValueError, TypeError, NotImplementedError):
                continue
        return found

    def task(self, task):
        prog = self.prog
        base = int(task.stack)
        size = attempt("stack size", lambda: sizeof(prog.type("union thread_union"))) or 16384
        data = prog.read(base, size)
        entry = {
            "pid": int(task.pid), "tgid": int(task.tgid), "comm": task.comm.string_().decode(
                errors="replace"), "task": hexed(task.value_()), "stack": hexed(base),
            "stack_bytes": size, "kernel_thread": not task.mm, "data": data.hex()}
        magic = int.from_bytes(data[:WORD], "little")
        entry["end_magic"] = {"offset": 0, "value": hexed(magic),
                              "intact": magic & 0xffffffff == 0x57ac6e9d}
        registers = attempt("struct pt_regs", lambda: sizeof(prog.type("struct pt_regs")))
        if registers and not has(prog, "struct fred_frame", "regs"):
            entry["pt_regs"] = {"offset": size - registers, "bytes": registers}
        if has(prog, "struct task_struct", "stack_vm_area") and task.stack_vm_area:
            entry["vm_area"] = {"start": hexed(task.stack_vm_area.addr),
                                "size": int(task.stack_vm_area.size)}
        if has(prog, "struct task_struct", "stack_canary"):
            canary = int(task.stack_canary)
            word = canary.to_bytes(WORD, "little")
            entry["canary"] = {"value": hexed(canary), "at": [
                at for at in range(0, size, WORD) if canary and data[at:at + WORD] == word]}
        try:
            entry["frames"] = self.frames(task, base, size)
        except (FaultError, LookupError, ValueError) as error:
            entry["unwind_error"] = str(error)
        return entry

    def marks(self, tasks):
        marks = []
        for task in tasks:
            name = task.comm.string_().decode(errors="replace")
            marks.append({"address": hexed(task.value_()), "name": "task_struct of " + name,
                          "type": "struct task_struct"})
            marks.append({"address": hexed(task.cred), "name": "cred of " + name,
                          "type": "struct cred"})
        return marks

    def types(self):
        """Members of the structures that marks name."""
        types = {}
        for name in ("struct task_struct", "struct cred") if self.options.task else ():
            kind = attempt(name, self.prog.type, name)
            members = getattr(kind, "members", None) or []
            if kind is None or not all(hasattr(member, "bit_offset") for member in members):
                continue
            types[name] = {"bytes": sizeof(kind), "members": [
                [member.offset, 0 if member.bit_field_size else bytes_of(member.type),
                 member.name or "", member.type.type_name()]
                for member in members]}
        return types

    def gadgets(self):
        from drgn.helpers.linux.fs import for_each_file
        operations = self.prog["raw_fops"].address_
        found = []
        for task in for_each_task(self.prog):
            if not task.files:
                continue
            for fd, file in for_each_file(task):
                if int(file.f_op) == operations:
                    found.append(self.gadget(task, fd, cast("struct raw_dev *", file.private_data)))
        return found

    def gadget(self, task, fd, device):
        queue = []
        for index in range(int(device.queue.size)):
            event = device.queue.events[index]
            length = int(event.length)
            at = int(event.value_()) + offsetof(self.prog.type("struct usb_raw_event"), "data")
            queue.append({"address": hexed(event.value_()), "type": int(event.type), "length": length,
                          "data": self.prog.read(at, min(length, 4096)).hex() if length else ""})
        return {"comm": task.comm.string_().decode(errors="replace"), "pid": int(task.pid), "fd": fd,
                "raw_dev": hexed(device.value_()), "raw_dev_bytes": sizeof(device[0]),
                "state": device.state.format_(type_name=False), "queue": queue}

    def run(self):
        options = self.options
        result = {"format": "kernel-pages", "version": 1, "about": options.about,
                  "exporter": {"tool": "drgn", "tool_version": drgn.__version__},
                  "kernel": self.kernel(), "config": self.config(), "layout": self.layout()}
        self.read_caches()
        names = {alias: entry[1]["name"] for entry in self.caches.values()
                 for alias in [entry[1]["name"]] + entry[1]["aliases"]}
        wanted = {names[name] for name in options.cache if name in names}
        for name in options.cache:
            if name not in names:
                miss("cache " + name, "there is none; caches with that start: %s" % ", ".join(
                    sorted(known for known in names if known.startswith(name[:4]))[:8]))
        for s, cache in self.caches.values():
            if cache["name"] in wanted:
                attempt(cache["name"], self.read_cache, s, cache)
        for address in options.address:
            attempt(hexed(address), self.slab_at, address)
        if options.full and wanted:
            attempt("full slabs", self.full_slabs, wanted)
        tasks = []
        for pid in options.task:
            task = find_task(self.prog, pid)
            if task:
                tasks.append(task)
            else:
                miss("task %d" % pid, "there is none")
        result["freelist_encoding"] = self.encoding
        result["caches"] = [cache for s, cache in self.caches.values()]
        result["slabs"] = list(self.slabs.values())
        result["tasks"] = [entry for entry in (
            attempt("stack of a task", self.task, task) for task in tasks) if entry]
        result["traces"] = self.traces
        result["types"] = self.types()
        result["marks"] = attempt("marks", self.marks, tasks) or []
        if options.raw_gadget:
            result["raw_gadget"] = attempt("raw-gadget", self.gadgets) or []
        return result


def write(result, output):
    """One JSON object, its lists with an entry a line."""
    parts = []
    for key, value in result.items():
        text = json.dumps(value)
        if isinstance(value, list) and value:
            text = "[\n" + ",\n".join(json.dumps(entry) for entry in value) + "]"
        parts.append("%s: %s" % (json.dumps(key), text))
    output.write("{" + ",\n".join(parts) + "}\n")


def version(text):
    return tuple(int(part) for part in text.split("+")[0].split(".")[:3] if part.isdigit())


def main():
    parser = argparse.ArgumentParser(description="Writes pieces of a kernel's memory for copyscope.")
    parser.add_argument("--cache", action="append", default=[], help="slabs of this cache")
    parser.add_argument("--address", action="append", default=[], type=lambda text: int(text, 16),
                        help="the slab that holds this address")
    parser.add_argument("--task", action="append", default=[], type=int, help="the stack of this task")
    parser.add_argument("--full", action="store_true", help="full slabs too: walks all of memory")
    parser.add_argument("--raw-gadget", action="store_true", help="queues of open raw-gadget files")
    parser.add_argument("--most", type=int, default=50, help="slabs of a cache at most (50)")
    parser.add_argument("--about", default="", help="one line for people")
    parser.add_argument("-o", "--output", help="the file; standard output if left out")
    options = parser.parse_args()
    if version(drgn.__version__) < NEEDED:
        sys.exit("kernel-pages.py: needs drgn %s or later, this is %s"
                 % (".".join(map(str, NEEDED)), drgn.__version__))
    try:
        prog = drgn.get_default_prog()
    except drgn.NoDefaultProgramError:
        sys.exit("kernel-pages.py: run it with drgn: drgn [-c VMCORE -s VMLINUX] kernel-pages.py ...")
    try:
        prog.type("struct kmem_cache")
    except LookupError:
        sys.exit("kernel-pages.py: no debug symbols of this kernel; name its vmlinux with -s "
                 "(Debian: the package linux-image-...-dbg)")
    if sizeof(prog.type("void *")) != WORD or sys.byteorder != "little":
        sys.exit("kernel-pages.py: only kernels of 64 bit with the lowest byte first are read")
    result = Exporter(prog, options).run()
    if options.output:
        with open(options.output, "w") as output:
            write(result, output)
    else:
        write(result, sys.stdout)
    for line in unread:
        print("not read: " + line, file=sys.stderr)


if __name__ == "__main__":
    main()
