"""`make test-scale`: web and worker processes killed at random under load, and a comparison at the end. SEED=… tells one run again as far
as chance goes: what is done and who is killed when; how far each deed had come by then is up to the machine.
"""
