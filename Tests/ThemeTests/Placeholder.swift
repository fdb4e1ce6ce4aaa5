enum ThemeTestsPlaceholder {}
