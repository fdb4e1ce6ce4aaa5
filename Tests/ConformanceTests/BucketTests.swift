import KernelHistory
import Conformance
import Testing
import Usercopy
import JSON

/// Bucket sets against those of 7.2.
struct BucketTests {
  @Test func bucketSetsKeepWhatFitsOfTheirWindow() throws {
    var seen: Set<String> = []
    for vector in try PackedVectors.values("usercopy-linux-7.2") {
      guard let region = vector["region"], let described = region["bucket_set"],
        let size = region["requested_size"]?.uint64
      else { continue }
      let set = BucketSet(
        name: described["name"]?.string ?? "", useroffset: described["useroffset"]?.uint64 ?? 0,
        usersize: described["usersize"]?.uint64 ?? 0)
      var kernel = Kernel(configuration: Configuration(release: KernelVersion(7, 2)))
      let made = kernel.kmalloc(size, label: "o", from: set)
      let address = try #require(made)
      guard seen.insert("\(set) \(size)").inserted else { continue }
      guard let cache = region["cache"] else {
        #expect(kernel.object(at: address) == nil && kernel.caches.isEmpty)
        continue
      }
      #expect(kernel.caches.count == 1)
      #expect(kernel.caches[0].name == cache["name"]?.string)
      for (key, value) in GeometryTests.summary(kernel.caches[0]) {
        #expect(value == cache[key]?.uint64, "\(set) \(size) \(key)")
      }
    }
    #expect(seen.count == 48)
  }
}
