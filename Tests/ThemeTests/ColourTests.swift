import Testing
import Theme

@Suite struct ColourTests {
  /// Pairs of the supplementary data of Sharma, Wu, Dalal 2005 with their published distances.
  static let published: [(Lab, Lab, Double)] = [
    (Lab(l: 50, a: 2.6772, b: -79.7751), Lab(l: 50, a: 0, b: -82.7485), 2.0425),
    (Lab(l: 50, a: 3.1571, b: -77.2803), Lab(l: 50, a: 0, b: -82.7485), 2.8615),
    (Lab(l: 50, a: 2.8361, b: -74.0200), Lab(l: 50, a: 0, b: -82.7485), 3.4412),
    (Lab(l: 50, a: -1.3802, b: -84.2814), Lab(l: 50, a: 0, b: -82.7485), 1.0),
    (Lab(l: 50, a: 0, b: 0), Lab(l: 50, a: -1, b: 2), 2.3669),
    (Lab(l: 50, a: -1, b: 2), Lab(l: 50, a: 0, b: 0), 2.3669),
    (Lab(l: 50, a: 2.49, b: -0.001), Lab(l: 50, a: -2.49, b: 0.0009), 7.1792),
    (Lab(l: 50, a: 2.49, b: -0.001), Lab(l: 50, a: -2.49, b: 0.0011), 7.2195),
    (Lab(l: 50, a: -0.001, b: 2.49), Lab(l: 50, a: 0.0009, b: -2.49), 4.8045),
    (Lab(l: 50, a: -0.001, b: 2.49), Lab(l: 50, a: 0.0011, b: -2.49), 4.7461),
    (Lab(l: 50, a: 2.5, b: 0), Lab(l: 50, a: 0, b: -2.5), 4.3065),
    (Lab(l: 50, a: 2.5, b: 0), Lab(l: 73, a: 25, b: -18), 27.1492),
    (Lab(l: 50, a: 2.5, b: 0), Lab(l: 61, a: -5, b: 29), 22.8977),
    (Lab(l: 50, a: 2.5, b: 0), Lab(l: 56, a: -27, b: -3), 31.9030),
    (Lab(l: 50, a: 2.5, b: 0), Lab(l: 58, a: 24, b: 15), 19.4535),
    (
      Lab(l: 60.2574, a: -34.0099, b: 36.2677), Lab(l: 60.4626, a: -34.1751, b: 39.4387), 1.2644
    ),
    (Lab(l: 22.7233, a: 20.0904, b: -46.6940), Lab(l: 23.0331, a: 14.9730, b: -42.5619), 2.0373),
    (Lab(l: 90.8027, a: -2.0831, b: 1.4410), Lab(l: 91.1528, a: -1.6435, b: 0.0447), 1.4441),
    (Lab(l: 2.0776, a: 0.0795, b: -1.1350), Lab(l: 0.9033, a: -0.0636, b: -0.5514), 0.9082),
  ]

  @Test func ciede2000EqualsThePublishedPairs() {
    for (first, second, distance) in Self.published {
      #expect(abs(first.distance(to: second) - distance) < 0.00006, "\(first) \(second)")
    }
  }

  @Test func contrastEqualsWCAG() throws {
    let black = RGB(red: 0, green: 0, blue: 0)
    let white = RGB(red: 255, green: 255, blue: 255)
    #expect(abs(black.contrast(with: white) - 21) < 1e-9)
    #expect(white.contrast(with: white) == 1)
    let grey = try #require(RGB(hex: "#767676"))
    #expect(grey.contrast(with: white) > 4.5 && grey.contrast(with: white) < 4.55)
  }

  /// Greys stay grey in every kind of vision; the green and red of terminals meet for deutan eyes.
  @Test func simulationsKeepGreysAndMergeRedAndGreen() throws {
    for vision in Vision.allCases {
      for value: UInt8 in [0, 60, 128, 200, 255] {
        let grey = vision.seen(RGB(red: value, green: value, blue: value))
        #expect(abs(grey.a) < 1 && abs(grey.b) < 1)
      }
    }
    let green = try #require(RGB(hex: "0dbc79"))
    let red = try #require(RGB(hex: "cd3131"))
    #expect(Vision.deutan.distance(green, red) < 20)
    #expect(Vision.normal.distance(green, red) > 70)
  }

  @Test func hexIsReadInItsForms() {
    let colour = RGB(red: 0x1A, green: 0x2B, blue: 0x3C)
    #expect(RGB(hex: "#1a2b3c") == colour)
    #expect(RGB(hex: "1A2B3C") == colour)
    #expect(RGB(hex: "#fff") == RGB(red: 255, green: 255, blue: 255))
    for wrong in ["", "#", "##1a2b3c", "1a2b3", "1a2b3c4", "#ggg", "é1a2b3", "1a2b3é"] {
      #expect(RGB(hex: wrong) == nil, "\(wrong)")
    }
    #expect(colour.description == "#1a2b3c")
  }

  /// Every colour that has a place in the table is found there, whatever the order of the search.
  @Test func nearestFindsTheTablesOwnColours() {
    for index in 16..<256 {
      let found = IndexedColours.nearest(to: IndexedColours.table[index], in: 16..<256)
      #expect(IndexedColours.table[found] == IndexedColours.table[index])
    }
    for index in 0..<16 {
      #expect(IndexedColours.nearest(to: IndexedColours.table[index], in: 0..<16) == index)
    }
  }

  @Test func nearestIsNoFartherThanAnyOther() {
    for step in 0..<64 {
      let colour = RGB(
        red: UInt8(truncatingIfNeeded: step &* 37), green: UInt8(truncatingIfNeeded: step &* 91),
        blue: UInt8(truncatingIfNeeded: step &* 151))
      let wanted = Lab(colour)
      let found = IndexedColours.nearest(to: colour, in: 16..<256)
      let least = (16..<256).map { wanted.distance76(to: Lab(IndexedColours.table[$0])) }.min()
      #expect(wanted.distance76(to: Lab(IndexedColours.table[found])) == least)
    }
  }

  @Test func aForegroundNeverVanishesInItsBackground() {
    let dark = Colour.rgb(RGB(red: 20, green: 20, blue: 20))
    let darker = Colour.rgb(RGB(red: 10, green: 10, blue: 10))
    for depth in [ColourDepth.ansi8, .ansi16, .indexed256] {
      let style = IndexedStyle(Style(foreground: dark, background: darker), depth: depth)
      #expect(style.foreground != style.background)
    }
  }
}
