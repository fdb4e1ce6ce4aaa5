enum TimelineTestsPlaceholder {}
