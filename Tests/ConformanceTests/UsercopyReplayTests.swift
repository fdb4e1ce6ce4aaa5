import Conformance
import JSON
import Testing
import Usercopy

struct UsercopyReplayTests {
  @Test(arguments: [
    ("usercopy-rfc-v1", 1462), ("usercopy-eras-compiled", 3263), ("usercopy-linux-6.1-686", 1766),
    ("usercopy-linux-5.10", 6570), ("usercopy-linux-6.1", 4224),
    ("usercopy-linux-7.2", 4652), ("usercopy-configs", 4326),
  ])
  func everyRecordingReplays(name: String, count: Int) throws {
    let lines = try PackedVectors.lines(name)
    #expect(lines.count == count)
    let failed = lines.map { VectorFile.replay($0) }.filter { !$0.passed }
    #expect(failed.isEmpty, "\(failed.prefix(3))")
  }

  /// A replay that compared nothing would pass everything: change each expectation in turn.
  @Test(arguments: [
    ("verdict", JSONValue.string("hang")), ("by", .string("nobody")), ("fatal", .string("?")),
    ("message", .string("usercopy: no")), ("not_copied", .unsigned(12345)),
    ("aftermath", .string("none")),
  ])
  func aChangedExpectationIsNoticed(key: String, wrong: JSONValue) throws {
    for vector in try PackedVectors.values("usercopy-linux-6.1").prefix(60) {
      guard var expect = vector["expect"]?.object, var whole = vector.object else {
        Issue.record("a vector without expectation")
        return
      }
      expect = JSONObject(expect.members.map { ($0.key, $0.key == key ? wrong : $0.value) })
      whole = JSONObject(
        whole.members.map { ($0.key, $0.key == "expect" ? .object(expect) : $0.value) })
      let result = VectorFile.replay(.object(whole))
      #expect(result.mismatches.map(\.place) == ["expect.\(key)"])
    }
  }

  /// A range of gigabytes meets no stack that the vector does not describe.
  @Test(arguments: ["default", "no-vmap-stack"])
  func anUndescribedStackIsOutOfReach(variant: String) {
    let region = #"{"kind":"text","mapping":"linear","text_bytes":4096000}"#
    for length in ["2147483648", "4294967295", "1099511627776"] {
      let line =
        #"{"policy":"linux-6.1","variant":"\#(variant)","region":\#(region),"#
        + #""copy":{"direction":"to_user","offset":64,"#
        + #""length":\#(length),"via":"check"},"expect":{"message":"usercopy: Kernel memory "#
        + #"exposure attempt detected from linear kernel text (offset 64, size \#(length))!"}}"#
      #expect(VectorFile.replay(line.utf8).mismatches == [])
    }
  }

  @Test func linesThatAreNoVectorsSayWhy() throws {
    for text in [
      "", "{", "[]", "{}", #"{"policy":"linux-6.1"}"#, #"{"policy":"linux-x","expect":{}}"#,
      #"{"policy":"linux-6.1","expect":{},"region":{"kind":"moon"},"copy":{}}"#,
      #"{"policy":"linux-6.1","expect":{},"region":{"kind":"slub"},"copy":{}}"#,
      #"{"policy":"linux-6.1","expect":{},"region":{"kind":"null"},"copy":{"length":1}}"#,
      #"{"policy":"rfc-v9","expect":{},"region":{"kind":"null"},"copy":{"length":1}}"#,
    ] {
      #expect(!VectorFile.replay(text.utf8).passed, "\(text)")
    }
  }

  /// Sizes from outside are hostile: none may trap, hang or eat memory.
  @Test func absurdNumbersAreSurvived() throws {
    let huge = "18446744073709551615"
    for kind in [
      "slub", "slab", "kmalloc", "page", "vmalloc", "stack", "text", "memory", "address",
    ] {
      for number in ["0", "1", huge, "-1", "4294967296"] {
        let cache =
          #"{"name":"c","object_size":\#(number),"stride":\#(number),"order":\#(number),"#
          + #""objs_per_slab":\#(number),"useroffset":\#(number),"usersize":\#(number),"#
          + #""obj_offset":\#(number),"red_zone":true,"red_left_pad":\#(number)}"#
        let region =
          #"{"kind":"\#(kind)","cache":\#(cache),"object":{"index":\#(number),"#
          + #""offset_in_slab":\#(number)},"folio_bytes":\#(number),"compound":true,"#
          + #""area_bytes":\#(number),"base_in_area":\#(number),"mapped_bytes":\#(number),"#
          + #""stack_bytes":\#(number),"text_bytes":\#(number),"section_bytes":\#(number),"#
          + #""section":"rodata","frames":[\#(number),\#(number),\#(number)],"#
          + #""caller_sp":\#(number),"sp_report":\#(number),"first_slot_at":\#(number),"#
          + #""linear_text_at":\#(number),"in_vmalloc_range":true,"where":"end-\#(number)"}"#
        for length in ["0", "1", huge] {
          let copy =
            #"{"direction":"from_user","offset":\#(number),"length":\#(length),"via":"copy"}"#
          for policy in ["linux-4.9", "linux-5.10-slab-fp", "linux-6.6", "linux-7.2"] {
            let line =
              #"{"policy":"\#(policy)","variant":"pagespan-fallback","region":\#(region),"#
              + #""copy":\#(copy),"expect":{"verdict":"maybe"}}"#
            #expect(!VectorFile.replay(line.utf8).passed)
          }
        }
      }
    }
  }
}
