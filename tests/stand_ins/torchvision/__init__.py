"""A stand-in for torchvision, for running the pages' blocks and the fixed twins.

The real one is no dependency of the tests: it fixes one version of torch, and its data sets are
downloads.  Here are the classes that those scripts name, with the real parameters, working on
small random images; `test_stand_ins` compares the two where the real one can be imported.
"""
