import Foundation
import Narration
import RawGadget
@testable import Scenario
import Simulation
import Testing
import Usercopy
import USB

struct LessonTests {
  @Test func everyFileOfTheFolderIsInTheCourseOnce() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: LessonFiles.folder.path)
    let ids = files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }
    #expect(files.count == ids.count)
    for id in Set(ids).subtracting(LessonFiles.ids) {
      Issue.record("Course.swift has no line for Lessons/\(id).yaml")
    }
    #expect(Set(LessonFiles.ids).count == LessonFiles.ids.count)
    #expect(LessonFiles.ids.count >= 30)
  }

  @Test(arguments: LessonFiles.ids)
  func everyLessonHolds(id: String) throws {
    let playback = try Playback(LessonFiles.script(id))
    for step in playback.steps {
      for miss in step.misses {
        Issue.record(
          "step \(step.number): \(miss.field) should be \(miss.expected), is \(miss.got)")
      }
    }
    let held = playback.held
    #expect(held)
  }

  @Test(arguments: LessonFiles.ids)
  func everyLessonPlaysInEveryEra(id: String) throws {
    let script = try LessonFiles.script(id)
    for era in Era.all {
      let playback = try Playback(script, era: era.id)
      #expect(playback.steps.count == script.steps.count)
      for step in playback.steps {
        for case .refused(let error) in step.events {
          Issue.record("\(era.id), step \(step.number): \(error)")
        }
      }
    }
  }

  /// A stack in vmalloc space has a guard page behind it, which belongs to its area and to no bound of a copy.
  @Test func aCopyOverTheEndOfARealStackIsBoundByTheStack() throws {
    let playback = try Playback(LessonFiles.script("real-stack"))
    let lines = Transcript.lines(try #require(playback.steps.last), trace: false, notes: false)
    #expect(lines.contains { $0.contains("8 of 16 bytes lay inside the bounds") }, "\(lines)")
  }

  @Test func theListSaysWhatTheFilesSay() throws {
    for (index, entry) in Lessons.all.enumerated() {
      let script = try Lessons.script(entry)
      #expect(entry.number == index + 1)
      #expect(entry.title == script.title)
      #expect(entry.about == script.about)
      #expect(entry.source == script.source)
      #expect(Lessons.find(entry.id)?.number == entry.number)
      #expect(Lessons.find(String(entry.number))?.id == entry.id)
    }
    #expect(Set(Lessons.all.map(\.title)).count == Lessons.all.count)
  }

  /// The speaker of a course has a question for the class in each of its lessons.
  @Test func everyLessonOfACourseAsksTheClass() throws {
    let lessons = Set(CourseFile.shipped.flatMap(\.lessons).map(\.lesson))
    #expect(lessons.count > 70)
    for id in lessons {
      let notes = try LessonFiles.script(id).steps.map(\.notes)
      #expect(notes.contains { $0.contains("?") }, "\(id) has no question in its notes")
    }
  }

  @Test func chaptersFollowTheCourse() throws {
    let chapters = Lessons.all.filter { $0.part == .course }.map(\.chapter)
    let titles = Chapters.all.map(\.title)
    #expect(Set(titles).count == titles.count)
    // Each begins with a lesson of the course and goes on without a break.
    var seen: [String] = []
    for chapter in chapters where seen.last != chapter { seen.append(chapter) }
    #expect(seen == titles)
    for title in titles { #expect(chapters.count { $0 == title } >= 3, "\(title)") }
  }

  @Test(arguments: LessonFiles.ids)
  func everyLessonTellsAStoryThatFits(id: String) throws {
    let script = try LessonFiles.script(id)
    // The kernel's own tests are ten parts of one lesson.
    let parts = Lessons.find(id)?.part == .kernelTests ? 10 : 1
    #expect((3...max(14, 3 * parts)).contains(script.steps.count { !$0.say.isEmpty }))
    #expect(script.steps.count <= max(27, 5 * parts))
    #expect(script.title.count <= 40)
    #expect(!script.about.isEmpty && script.about.count <= 120)
    #expect(!script.remember.isEmpty)
    #expect(wrapped(script.remember, columns: 36).count <= 5)
    for (number, step) in script.steps.enumerated() {
      #expect(step.say.count <= 240, "step \(number + 1)")
      #expect(wrapped(step.say, columns: 31).count <= 6, "step \(number + 1)")
      #expect(!step.say.contains("\n"), "step \(number + 1)")
      // A step is read alone: who goes back to it or begins with it finds no half of a sentence.
      #expect(step.say.isEmpty || ".?!:".contains(step.say.last ?? " "), "step \(number + 1)")
    }
    #expect(script.steps.last?.say.isEmpty == false)
  }

  /// A lesson stands in courses of different orders, so it names another by its title. What is said is whole sentences.
  @Test(arguments: LessonFiles.ids)
  func whatIsSaidStandsInAnyCourse(id: String) throws {
    let script = try LessonFiles.script(id)
    let said = script.steps.flatMap { [$0.say, $0.notes] }.filter { !$0.isEmpty }
    for text in said { #expect(text.last.map { ".?!".contains($0) } == true, "\(text)") }
    let asked = script.exercises.flatMap { [$0.ask, $0.because] + $0.hints }
    let titles = Set(Lessons.all.map(\.title))
    let places = /(?i)\b(next|last|previous|earlier|first|second|third) lesson\b|\blesson [0-9]/
    for text in said + asked + [script.about, script.remember] {
      #expect(text.firstMatch(of: places) == nil, "\(text)")
      for name in text.matches(of: /\b(?:as in|of|lesson) "([A-Z][^"]*)"/).map(\.output.1) {
        #expect(titles.contains(String(name)), "\(name)")
      }
    }
  }

  @Test(arguments: LessonFiles.ids)
  func everyCopyAndCallIsExpected(id: String) throws {
    let script = try LessonFiles.script(id)
    for (number, step) in script.steps.enumerated() {
      switch step.action {
      case .copy:
        #expect(step.expect?.verdict != nil, "step \(number + 1) says nothing of its verdict")
      case .ioctl, .host, .gadgetfs:
        #expect(step.expect != nil, "step \(number + 1) says nothing of its result")
      default: break
      }
    }
    #expect(script.steps.contains { $0.expect != nil })
  }

  @Test func theCourseUsesEveryActionOfTheHost() throws {
    let used = try LessonFiles.ids.flatMap { try LessonFiles.script($0).steps }
      .compactMap { step -> String? in
        if case .host(let call) = step.action { call.action.name } else { nil }
      }
    #expect(Set(HostWord.allCases.map(\.rawValue)).subtracting(used) == [])
    #expect(Set(used).subtracting(HostWord.allCases.map(\.rawValue)) == [])
  }

  /// All but `note`, which does nothing.
  @Test func theCourseUsesEveryStepThatActs() {
    let texts = Lessons.all.map(\.text)
    for action in StepReader.actions where action != "note" {
      #expect(texts.contains { $0.contains("\n  - \(action): ") }, "no lesson has \(action)")
    }
  }

  @Test func theCourseUsesEveryEntryPointAllocatorAndArchitecture() throws {
    var entries: Set<EntryPoint> = []
    var allocators: Set<Allocator> = []
    var architectures: Set<Architecture> = []
    var verdicts: Set<Verdict> = []
    var refusers: Set<Refuser> = []
    for id in LessonFiles.ids {
      let playback = try Playback(LessonFiles.script(id))
      allocators.insert(playback.script.configuration.allocator)
      architectures.insert(playback.script.configuration.architecture)
      for case .copied(let report) in playback.steps.flatMap(\.events) {
        entries.insert(report.outcome.attempt.entry)
        verdicts.insert(report.outcome.verdict)
        if let refuser = report.outcome.refuser { refusers.insert(refuser) }
      }
    }
    let calls = try LessonFiles.ids.flatMap { try LessonFiles.script($0).steps }
      .compactMap { step -> RawIoctl? in
        if case .ioctl(let call) = step.action { call.request.call } else { nil }
      }
    #expect(Set(RawIoctl.allCases).subtracting(calls) == [])
    #expect(Set(EntryPoint.allCases).subtracting(entries) == [])
    #expect(allocators == Set(Allocator.allCases))
    #expect(architectures == Set(Architecture.allCases))
    #expect(verdicts == Set(Verdict.allCases))
    #expect(refusers.isSuperset(of: [.slab, .stack, .accessOK, .objectSize]))
  }
}
