import Foundation
import Testing

/// What a student does is kept from one sitting to the next, and can be handed in.
@Suite struct StudyTests {
  private func progress(_ tmux: Tmux, _ options: String = "") throws -> String {
    try tmux.output(of: "$COPYSCOPE progress \(options)")
  }

  @Test func seenSolvedNotedAndBookmarkedIsKept() throws {
    let tmux = try Tmux(width: 110, height: 36)
    try tmux.prompt()
    try tmux.type("clear; $COPYSCOPE open first-copy")
    try tmux.see("step 0/5")
    try tmux.press("n", "n", "b")
    try tmux.type(":note ask about the slots")
    try tmux.see("noted on this step")
    try tmux.press("X", "Tab", "2", "5", "Enter")
    try tmux.see("Accepted: 1 of 2")
    try tmux.press("Escape")
    try tmux.see("step 2/5")
    try tmux.press("q")
    let text = try progress(tmux)
    #expect(text.contains("1  A copy that fits: seen 2/5, solved 1/2, bookmarks 2"), "\(text)")
    #expect(text.contains("step 2: ask about the slots"))
    let csv = try progress(tmux, "--format csv").split(separator: "\n")
    #expect(csv.first?.hasPrefix("number,lesson,title,chapter,minutes,steps,seen,") == true)
    #expect(csv.count == 2 && csv[1].hasPrefix("1,first-copy,A copy that fits,"))
    let named = try progress(tmux, "--format csv --name Ada").split(separator: "\n")
    #expect(
      named.first?.hasPrefix("name,number,") == true && named.last?.hasPrefix("Ada,1,") == true)
    let json = try JSONSerialization.jsonObject(
      with: Data(try progress(tmux, "--format json").utf8))
    let row = try #require((json as? [[String: Any]])?.first)
    #expect(row["seen"] as? Int == 2 && row["solved"] as? [Int] == [1])
    // The list and the lesson show it the next time.
    try tmux.prompt()
    try tmux.type("clear; $COPYSCOPE")
    try tmux.see("copyscope open --course one-hour")
    try tmux.see("… ")
    try tmux.see("1/2")
    try tmux.press("Enter", "n", "n")
    try tmux.see("Your note: ask about the slots")
    try tmux.press("g")
    try tmux.see("step 0/5")
    try tmux.press("'")
    try tmux.see("step 2/5")
    try tmux.press("q")
    #expect(try progress(tmux, "--forget").contains("thrown away"))
    #expect(try progress(tmux).contains("Nothing was kept yet"))
  }

  /// Where nothing can be kept it is said, once, and everything else goes on.
  @Test func aFolderThatCannotBeWrittenIsTold() throws {
    let tmux = try Tmux(width: 110, height: 36)
    try tmux.prompt()
    try tmux.type("clear; XDG_STATE_HOME=/proc/none $COPYSCOPE open first-copy")
    try tmux.see("step 0/5")
    try tmux.press("n")
    try tmux.see("progress is not kept: cannot be made")
    try tmux.press("n")
    try tmux.see("step 2/5")
    try tmux.press("q")
  }
}
