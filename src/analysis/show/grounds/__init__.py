"""What the numbers of a page rest on: a card for each estimate and figure, and the links that open it."""

from analysis.show.grounds.prepared import Grounded as Grounded
from analysis.show.grounds.prepared import grounded as grounded
