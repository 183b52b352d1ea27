"""Evidence for the public sector equality duty: policy, courses, reach, effect, freshness, actions, exemptions, in one
pack that is sealed with a hash. Figures alone: nobody’s answer and nobody’s name. May not import how figures are shown.
"""
