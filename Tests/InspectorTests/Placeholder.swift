enum InspectorTestsPlaceholder {}
