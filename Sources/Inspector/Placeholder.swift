enum InspectorPlaceholder {}
