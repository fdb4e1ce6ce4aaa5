enum ConformanceTestsPlaceholder {}
