"""The provisions: one module a clause family, formulas only.

Every public function here is a formula. Its name is the number it computes, its arguments name the numbers
it needs, its annotations say in which unit.
"""
