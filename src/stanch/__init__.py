"""stanch: finds the money and labour that pay for North Korea's weapons.

Packages follow the flow of data: ``sources`` bring records into a ``workspace``; ``screening``, ``tracing`` and
``workers`` turn them into findings; ``pipeline`` runs these on what is new; ``reports`` hands the result on.
"""

__version__ = "0.1.0"
