"""How each thing of the station looks, one kernel thing a file."""
