@rem Scripts of npm begin with `exec`, so that on Unix a signal reaches Node and not a shell in between.
@rem Windows has no such word: this is it.
@%*
