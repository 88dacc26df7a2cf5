"""unix-nano: a small UniX trained on computed phantom radiographs, by the stages of the paper."""
