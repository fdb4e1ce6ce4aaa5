enum UsercopyTestsPlaceholder {}
