enum RawGadgetTestsPlaceholder {}
