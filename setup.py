"""Name the packages of the wheel: those found, and the three folders beside them.

Everything else is in setup.cfg, which can find packages or list them, but not both.
"""

from setuptools import find_packages, setup

BESIDE = ("templates", "static", "migrations")

setup(
    packages=[
        *find_packages(include=["policytrack*"]),
        *(f"policytrack.{name}" for name in BESIDE),
    ],
    package_dir={f"policytrack.{name}": name for name in BESIDE},
)
