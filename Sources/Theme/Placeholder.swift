enum ThemePlaceholder {}
