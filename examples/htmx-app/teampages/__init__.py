"""The project. Its models, its seed and its mutations are those of the React example."""

import sys
from pathlib import Path

# The app `board`, and the project `teamboard` whose settings these begin with.
REACT_APP = Path(__file__).resolve().parents[2] / "react-app"

if str(REACT_APP) not in sys.path:
    sys.path.append(str(REACT_APP))
