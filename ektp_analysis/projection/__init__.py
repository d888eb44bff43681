"""When is a target reached, and how sure is that: distributions of hitting times of the unrecorded.

``answers.answer`` says it of an area, ``answers.inside`` of the areas directly below it and of all of them together,
``replay.replay`` of the past of an area. Everything a screen, a slide or a command shows about a future date comes from the
``result.Projection`` that they give.
"""
