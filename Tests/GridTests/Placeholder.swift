enum GridTestsPlaceholder {}
