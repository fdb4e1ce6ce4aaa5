enum RawGadgetPlaceholder {}
