"""A synthetic secondary school with planted stories, which comes in by the same door as a real one."""

from adapters.demo.folders import write
from adapters.demo.school import Delivery, DemoSchool, build
from adapters.demo.stories import Story

__all__ = ["Delivery", "DemoSchool", "Story", "build", "write"]
