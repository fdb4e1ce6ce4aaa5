/// What the names of slab caches tell.
public enum CacheNames {
  /// Whether a cache of that name is one of `kmalloc()`'s own, whichever group it serves.
  public static func isKmalloc(_ name: String) -> Bool {
    name.hasPrefix("kmalloc-") || name.hasPrefix("dma-kmalloc-") || name.hasPrefix("size-")
  }

  /// Size classes of `kmalloc()` that every allocator has, bytes.
  public static let kmallocSizes: [UInt64] = [
    8, 16, 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096, 8192,
  ]

  /// Smallest size class whose name may be short, bytes.
  public static let leastShort: UInt64 = 1024

  /// Sizes of objects of caches whose name carries no number, bytes: path names are one page in every
  /// kernel that has the cache.
  public static let objectSizes: [String: UInt64] = ["names_cache": 4096]

  /// What an object of a cache whose name carries no number has at least and at most, bytes: bounds, not a size.
  ///
  /// Tables of slab caches that people made public, of kernels from 2.6.33 to 6.18, of 32 and 64 bits, with and without
  /// debugging, give sizes at least a quarter above the lower bound and at most half of the upper one. A kernel nobody
  /// has seen may still lie outside.
  public static let sizeBounds: [String: ClosedRange<UInt64>] = [
    "task_struct": 512...32_768, "mm_struct": 256...8192, "signal_cache": 384...4096,
    "sighand_cache": 768...8192, "files_cache": 128...2048, "skbuff_head_cache": 128...1024,
    "skbuff_fclone_cache": 256...2048, "skbuff_small_head": 320...2048,
    "sock_inode_cache": 256...4096, "inode_cache": 192...4096, "proc_inode_cache": 224...4096,
    "shmem_inode_cache": 224...4096, "ext4_inode_cache": 384...8192, "kmem_cache_node": 16...1024,
    "kmem_cache": 64...4096, "buffer_head": 40...1024, "kernfs_node_cache": 48...1024,
    "dentry": 96...1024, "filp": 96...1024, "pid": 24...1024, "cred_jar": 64...1024,
    "anon_vma": 16...1024, "anon_vma_chain": 16...512, "vm_area_struct": 64...1024,
    "radix_tree_node": 192...4096, "fs_cache": 24...512, "seq_file": 48...1024,
    "lsm_file_cache": 1...1024, "eventpoll_epi": 48...1024,
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
