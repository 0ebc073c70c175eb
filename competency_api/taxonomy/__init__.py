"""The taxonomy as a value: concepts, versions as complete states, their difference. Pure: no database, no HTTP."""
