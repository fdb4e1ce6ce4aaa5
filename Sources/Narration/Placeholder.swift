enum NarrationPlaceholder {}
