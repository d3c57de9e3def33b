# Home Assistant answers `import voluptuous` with probatio; so do the type checks.
from probatio import *
