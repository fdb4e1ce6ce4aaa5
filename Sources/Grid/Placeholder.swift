enum GridPlaceholder {}
