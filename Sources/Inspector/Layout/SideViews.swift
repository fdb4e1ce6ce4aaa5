import Grid
import Simulation

/// A view of the upper right pane: a row of the table of views.
struct SideView: Sendable {
  /// What the model, the help and the keys call it.
  let name: SideViewName
  /// Its rows; nil where it has nothing to be made of, and the view is passed over.
  let rows: @Sendable (PaneContext) -> (any PlainRows)?
  /// Whether it can be had at a point of a story.
  let isAvailable: @Sendable (Session) -> Bool
  /// It shows the gadget, and takes the room of the bytes where there are none.
  var isOfGadget = false

  /// The table. A new view is a file with its rows and a line here.
  static let all: [SideView] = [
    SideView(
      name: .gadget, rows: { GadgetRows($0) }, isAvailable: hasGadget,
      isOfGadget: true),
    SideView(
      name: SideViewName("wire"), rows: { WireRows($0) }, isAvailable: hasGadget, isOfGadget: true),
    SideView(
      name: .drivers, rows: { DriversRows($0) }, isAvailable: hasGadget,
      isOfGadget: true),
    SideView(name: .eras, rows: { ErasRows($0) }, isAvailable: { _ in true }),
    SideView(
      name: SideViewName("queue"), rows: { FoundGadgetRows($0) },
      isAvailable: { !$0.script.gadgets.isEmpty }),
    SideView(name: SideViewName("log"), rows: { KernelLogRows($0) }, isAvailable: { _ in true }),
  ]

  @Sendable private static func hasGadget(_ session: Session) -> Bool {
    session.world.hasGadget
  }

  /// Whether a view shows the device and its calls, and not copies or logs.
  static func isAboutGadget(_ name: SideViewName) -> Bool {
    all.contains { $0.name == name && $0.isOfGadget }
  }

  /// The views that can be had, in the order of the table.
  static func available(_ session: Session) -> [SideView] { all.filter { $0.isAvailable(session) } }

  /// The view behind the one shown, of those that can be had.
  static func following(_ chosen: SideViewName?, _ session: Session) -> SideViewName? {
    available(session).map(\.name).element(1, behind: shown(chosen, session))
  }

  /// The view shown: the one chosen, if it can be had; else the first that can.
  static func shown(_ chosen: SideViewName?, _ session: Session) -> SideViewName {
    let available = available(session).map(\.name)
    return chosen.flatMap { available.contains($0) ? $0 : nil } ?? available.first ?? .eras
  }
}
