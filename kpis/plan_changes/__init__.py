"""The acts that change what a plan is, one module a kind; each asks who may and writes why."""
