import Grid
import Theme

/// The colours of a page in one of its two schemes.
struct HandoutStyle {
  private let theme: Theme
  private let name: String

  init(_ theme: Theme, name: String) { (self.theme, self.name) = (theme, name) }

  /// What does not depend on the scheme.
  static let page = """
    :root{font-family:system-ui,sans-serif;line-height:1.5;overscroll-behavior-x:none}
    body{margin:0;background:var(--paper);color:var(--ink)}
    main{max-width:80rem;margin:0 auto;padding:.75rem}
    h1{font-size:1.3rem;margin:.2rem 0}h2{font-size:1.05rem;margin:.3rem 0}
    nav{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center;margin:.5rem 0}
    button,select{font:inherit;min-height:2.75rem;min-width:2.75rem;padding:.3rem .8rem;\
    background:var(--paper);color:var(--ink);border:2px solid var(--ink);border-radius:.3rem}
    select{max-width:calc(100vw - 7rem)}
    label{display:inline-flex;align-items:center;gap:.4rem;min-height:2.75rem}
    input{width:1.4rem;height:1.4rem}
    :focus-visible{outline:3px solid var(--mark);outline-offset:2px}
    #place{min-width:7rem}
    pre{margin:.5rem 0;padding:.4rem;overflow:auto;border:1px solid var(--ink);\
    font-family:DejaVu Sans Mono,Menlo,Consolas,monospace;line-height:1.2;\
    font-size:clamp(8px,1.28vw,15px)}
    #choices{display:flex;flex-direction:column;gap:.4rem;align-items:flex-start}
    #choices button{text-align:left}
    [hidden]{display:none}
    @media print{nav,.keys{display:none}}
    """

  /// The rules of the scheme for the styles of all screens, by their number.
  func css(_ styles: [HandoutPage.Dress]) -> String {
    var rules = [
      ":root[data-scheme=\(name)]{color-scheme:\(name);--paper:\(paper);--ink:\(ink);--mark:\(mark)}"
    ]
    for (number, dress) in styles.enumerated() {
      rules.append(":root[data-scheme=\(name)] .s\(number){\(declarations(dress))}")
    }
    return rules.joined(separator: "\n")
  }

  private var paper: String {
    theme.background?.rgb.description ?? (theme.variant == .dark ? "#101010" : "#ffffff")
  }

  private var ink: String {
    theme.style(for: .text).foreground?.rgb.description
      ?? (theme.variant == .dark ? "#e5e5e5" : "#1a1a1a")
  }

  private var mark: String {
    theme.style(for: .key).foreground?.rgb.description ?? ink
  }

  /// Least contrast of text (WCAG 2, AA).
  private static let leastContrast = 4.5

  /// A colour as far towards black or white as it must go to be read.
  private static func readable(_ front: String, on back: String) -> String {
    guard let ground = RGB(hex: back), var colour = RGB(hex: front) else { return front }
    let target: Int = ground.luminance > 0.18 ? 0 : 255
    func nearer(_ channel: UInt8) -> UInt8 { UInt8(clamping: (Int(channel) * 15 + target) / 16) }
    for _ in 0..<64 where colour.contrast(with: ground) < leastContrast {
      colour = RGB(
        red: nearer(colour.red), green: nearer(colour.green), blue: nearer(colour.blue))
    }
    return colour.description
  }

  private func declarations(_ dress: HandoutPage.Dress) -> String {
    let style = theme.style(for: dress.role)
    let attributes = style.attributes.union(dress.attributes)
    var front = style.foreground?.rgb.description ?? ink
    var back = style.background?.rgb.description ?? paper
    if attributes.contains(.reverse) { (front, back) = (back, front) }
    front = Self.readable(front, on: back)
    var result = "color:\(front)"
    if back != paper { result += ";background:\(back)" }
    if attributes.contains(.bold) { result += ";font-weight:bold" }
    if attributes.contains(.underline) { result += ";text-decoration:underline" }
    return result
  }
}
