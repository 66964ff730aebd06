"""The consolidated list of persons under financial sanctions of the European Union, and annexes of its regulations."""
