import KernelHistory
import Testing

/// Sizes of objects in tables that people made public, and on machines at hand.
@Suite struct CacheSizeTests {
  /// x86_64 of 2.6.3x, 3.10 and 6.18; i386 of 3.x with kmemleak; ARM of 4.19; coreos of 4.19.
  static let tables: [(kernel: String, sizes: [String: UInt64])] = [
    (
      "2.6.3x x86_64",
      [
        "task_struct": 1616, "files_cache": 704, "signal_cache": 832, "sighand_cache": 2112,
        "anon_vma": 32, "vm_area_struct": 176, "dentry": 192, "inode_cache": 568,
        "proc_inode_cache": 616, "shmem_inode_cache": 776, "sock_inode_cache": 640,
        "radix_tree_node": 560, "buffer_head": 112, "kmem_cache_node": 64, "ext4_inode_cache": 896,
      ]
    ),
    (
      "3.10 x86_64",
      [
        "task_struct": 4208, "mm_struct": 1600, "signal_cache": 1152, "sighand_cache": 2112,
        "files_cache": 640, "sock_inode_cache": 640, "inode_cache": 592, "proc_inode_cache": 656,
        "shmem_inode_cache": 680, "kmem_cache_node": 64, "kmem_cache": 256, "buffer_head": 104,
        "kernfs_node_cache": 120, "dentry": 192, "cred_jar": 192, "anon_vma": 80, "pid": 128,
        "vm_area_struct": 216, "radix_tree_node": 584, "fs_cache": 64,
      ]
    ),
    (
      "6.18 x86_64",
      [
        "task_struct": 4240, "mm_struct": 1568, "signal_cache": 1152, "sighand_cache": 2080,
        "files_cache": 704, "skbuff_head_cache": 224, "skbuff_fclone_cache": 512,
        "skbuff_small_head": 576, "sock_inode_cache": 768, "inode_cache": 616,
        "proc_inode_cache": 688, "shmem_inode_cache": 744, "ext4_inode_cache": 1120,
        "kmem_cache_node": 72, "kmem_cache": 232, "buffer_head": 104, "kernfs_node_cache": 136,
        "dentry": 192, "filp": 184, "pid": 184, "anon_vma": 96, "anon_vma_chain": 64,
        "vm_area_struct": 192, "radix_tree_node": 576, "fs_cache": 64, "seq_file": 120,
        "lsm_file_cache": 24, "eventpoll_epi": 128,
      ]
    ),
    (
      "3.x i386",
      [
        "task_struct": 832, "mm_struct": 416, "signal_cache": 512, "sighand_cache": 1312,
        "files_cache": 192, "cred_jar": 96, "anon_vma": 24, "anon_vma_chain": 24, "pid": 64,
        "fs_cache": 32, "vm_area_struct": 88, "dentry": 128, "buffer_head": 56,
      ]
    ),
    ("4.19 arm", ["sock_inode_cache": 384, "skbuff_fclone_cache": 384]),
    (
      "x86_64 with debugging",
      [
        "task_struct": 5840, "mm_struct": 832, "signal_cache": 896, "dentry": 208,
        "kmem_cache": 384, "filp": 256, "skbuff_head_cache": 256,
      ]
    ),
  ]

  @Test func boundsHoldInEveryTable() {
    for (kernel, sizes) in Self.tables {
      for (cache, size) in sizes {
        guard let bounds = CacheNames.sizeBounds[cache] else {
          Issue.record("\(cache) has no bounds")
          continue
        }
        #expect(bounds.lowerBound * 5 / 4 <= size, "\(kernel) \(cache)")
        #expect(size * 2 <= bounds.upperBound, "\(kernel) \(cache)")
      }
    }
  }

  @Test func everyBoundHasATable() {
    let seen = Set(Self.tables.flatMap(\.sizes.keys))
    #expect(Set(CacheNames.sizeBounds.keys).subtracting(seen).isEmpty)
  }
}
