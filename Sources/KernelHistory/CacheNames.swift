/// What the names of slab caches tell.
public enum CacheNames {
  /// Size classes of `kmalloc()` that every allocator has, bytes.
  public static let kmallocSizes: [UInt64] = [
    8, 16, 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096, 8192,
  ]

  /// Smallest size class whose name may be short, bytes.
  public static let leastShort: UInt64 = 1024

  /// Sizes of objects of caches whose name carries no number, bytes: path names are one page in every
  /// kernel that has the cache.
  public static let objectSizes: [String: UInt64] = ["names_cache": 4096]

  /// What an object of a cache whose name carries no number has at least and at most, bytes, whatever the kernel's
  /// configuration and word size: bounds of the structure, not its size.
  public static let sizeBounds: [String: ClosedRange<UInt64>] = [
    "task_struct": 1024...16_384, "mm_struct": 320...4096, "signal_cache": 512...2048,
    "sighand_cache": 1024...4096, "files_cache": 256...1024, "skbuff_head_cache": 160...384,
    "skbuff_fclone_cache": 320...768, "skbuff_small_head": 512...1024,
    "sock_inode_cache": 400...2048,
    "inode_cache": 288...1536, "proc_inode_cache": 320...1536, "shmem_inode_cache": 320...1536,
    "ext4_inode_cache": 512...2560, "kmem_cache_node": 24...512, "kmem_cache": 96...1024,
    "buffer_head": 48...256, "kernfs_node_cache": 56...256, "dentry": 112...512, "filp": 96...512,
    "pid": 24...512, "cred_jar": 96...256, "anon_vma": 28...256, "anon_vma_chain": 28...128,
    "vm_area_struct": 72...512, "radix_tree_node": 248...1024, "fs_cache": 24...128,
    "seq_file": 64...256, "lsm_file_cache": 4...256, "eventpoll_epi": 64...256,
  ]

  /// Bytes of one vector in the caches called `biovec-N`.
  public static let biovec: UInt64 = 16

  /// The names of caches that came with one change: the start of a name, or all of it.
  public struct Family: Sendable, Hashable {
    /// The whole name, or how it starts.
    public var name: String
    /// The name goes on behind that.
    public var isPrefix: Bool
    /// What brought it.
    public var change: AllocatorChange

    /// A cache of that name belongs to the family.
    public func contains(_ cache: String) -> Bool {
      isPrefix ? cache.hasPrefix(name) : cache == name
    }
  }

  /// Families of caches by the change that brought them.
  public static let families: [Family] = [
    Family(name: "skbuff_small_head", isPrefix: false, change: .skbHeads),
    Family(name: "kmalloc-rnd-", isPrefix: true, change: .randomNames),
    Family(name: "kmalloc-cg-", isPrefix: true, change: .accountNames),
    Family(name: "kmalloc-rcl-", isPrefix: true, change: .reclaimNames),
  ]
}
