enum UsercopyPlaceholder {}
