import Grid
import Text

extension Picture {
  /// A standalone SVG image: a background, and one `<text>` for words beside each other at their own place,
  /// stretched or squeezed to their columns so that borders meet whatever font there is. Single signs of a row that
  /// look alike are one `<text>` with a `<tspan>` for each.
  public func svg(title: String = "copyscope") -> String {
    let (cellWidth, cellHeight) = (9, 19)
    let (width, height) = (grid.width * cellWidth + 2 * 8, grid.height * cellHeight + 2 * 8)
    var result = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" role="img">
      <title>\(Picture.escaped(title))</title>
      <rect width="\(width)" height="\(height)" rx="4" fill="\(paper)"/>
      <g font-family="\(Picture.fonts)" font-size="15" fill="\(ink)" xml:space="preserve">

      """
    for y in 0..<grid.height {
      var signs: [(look: String, text: String)] = []
      for run in runs(row: y) {
        let (x, top) = (8 + run.x * cellWidth, 8 + y * cellHeight)
        let colours = shown(run.style)
        let columns = run.columns * cellWidth
        if colours.background != paper {
          result += """
            <rect x="\(x)" y="\(top)" width="\(columns)" height="\(cellHeight)" \
            fill="\(colours.background)" shape-rendering="crispEdges"/>

            """
        }
        let look = svgAttributes(run)
        for word in run.words {
          let place = 8 + word.x * cellWidth
          if word.columns == 1, word.text.unicodeScalars.count == 1 {
            let sign = "<tspan x=\"\(place)\">\(Picture.escaped(word.text))</tspan>"
            if let alike = signs.firstIndex(where: { $0.look == look }) {
              signs[alike].text += sign
            } else {
              signs.append((look, sign))
            }
            continue
          }
          // Only lines have to meet what stands beside them.
          let stretch =
            word.text.unicodeScalars.contains { $0.value >= 0x2500 && $0.value < 0x25A0 }
            ? " lengthAdjust=\"spacingAndGlyphs\"" : ""
          result += """
            <text x="\(place)" y="\(top + 14)" textLength="\(word.columns * cellWidth)"\
            \(stretch)\(look)>\(Picture.escaped(word.text))</text>

            """
        }
      }
      for sign in signs {
        result += "<text y=\"\(8 + y * cellHeight + 14)\"\(sign.look)>\(sign.text)</text>\n"
      }
    }
    return result + "</g>\n</svg>\n"
  }

  /// A standalone HTML page with a `<pre>` whose runs are spans.
  public func html(title: String = "copyscope") -> String {
    var classes: [Style: String] = [:]
    var rules = ""
    var body = ""
    for y in 0..<grid.height {
      for run in runs(row: y) {
        let name: String
        if let known = classes[run.style] {
          name = known
        } else {
          name = "s\(classes.count)"
          classes[run.style] = name
          rules += ".\(name){\(css(run.style))}\n"
        }
        body += "<span class=\"\(name)\">\(Picture.escaped(run.text))</span>"
      }
      body += "\n"
    }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <title>\(Picture.escaped(title))</title>
      <style>
      body{background:\(paper);margin:1em}
      pre{font-family:\(Picture.fonts);line-height:1.25;\
      color:\(ink);width:max-content}
      \(rules)</style>
      </head>
      <body>
      <pre>
      \(body)</pre>
      </body>
      </html>

      """
  }

  private static let fonts = "DejaVu Sans Mono, Menlo, Consolas, monospace"

  private var paper: String {
    theme.background?.rgb.description ?? (theme.variant == .dark ? "#101010" : "#ffffff")
  }

  private var ink: String {
    theme.style(for: .text).foreground?.rgb.description
      ?? (theme.variant == .dark ? "#e5e5e5" : "#1a1a1a")
  }

  private func shown(_ style: Style) -> (foreground: String, background: String) {
    let front = style.foreground?.rgb.description ?? ink
    let back = style.background?.rgb.description ?? paper
    return style.attributes.contains(.reverse) ? (back, front) : (front, back)
  }

  private func isUnderlined(_ run: Run) -> Bool { run.style.attributes.contains(.underline) }

  private func svgAttributes(_ run: Run) -> String {
    let colour = shown(run.style).foreground
    return (colour == ink ? "" : " fill=\"\(colour)\"")
      + (run.style.attributes.contains(.bold) ? " font-weight=\"bold\"" : "")
      + (isUnderlined(run) ? " text-decoration=\"underline\"" : "")
  }

  private func css(_ style: Style) -> String {
    let colours = shown(style)
    var result = "color:\(colours.foreground)"
    if colours.background != paper { result += ";background:\(colours.background)" }
    if style.attributes.contains(.bold) { result += ";font-weight:bold" }
    if style.attributes.contains(.underline) { result += ";text-decoration:underline" }
    return result
  }

  /// Text with the signs of markup written as entities.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in Printable.glyphs(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
