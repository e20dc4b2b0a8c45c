"""How each kind of solution is called: modules of one shape, gathered by grader.kinds."""
