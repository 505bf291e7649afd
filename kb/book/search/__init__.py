"""Finding published records. `results` is the public door; `engine` is what keeps the texts and finds them."""
