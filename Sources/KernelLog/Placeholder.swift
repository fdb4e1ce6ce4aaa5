enum KernelLogPlaceholder {}
