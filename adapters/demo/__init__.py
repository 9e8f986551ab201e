"""A synthetic trust with planted stories, which comes in by the same door as a real one."""

from adapters.demo.folders import write
from adapters.demo.stories import Story
from adapters.demo.trust import Delivery, DemoTrust, build

__all__ = ["Delivery", "DemoTrust", "Story", "build", "write"]
