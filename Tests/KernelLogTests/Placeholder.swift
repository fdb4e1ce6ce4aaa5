enum KernelLogTestsPlaceholder {}
