/// What shows that the panes or their cells have another size.
extension KeyEffect {
  static func scales(by factor: (Int, Int)) -> (Look, Look) -> Bool {
    { before, after in
      guard let old = before.number(after: "1 cell = "), let new = after.number(after: "1 cell = ")
      else { return false }
      return new * factor.1 == old * factor.0
    }
  }

  static func divides(_ moved: @escaping (Int, Int) -> Bool, _ isColumn: Bool)
    -> (Look, Look) -> Bool
  {
    { before, after in
      guard let old = before.divider, let new = after.divider else { return false }
      return isColumn
        ? moved(new.column, old.column) && new.row == old.row
        : moved(new.row, old.row) && new.column == old.column
    }
  }
}
