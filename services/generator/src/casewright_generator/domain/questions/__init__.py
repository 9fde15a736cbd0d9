"""What to ask a story's author."""

from casewright_generator.domain.questions.asking import ask

__all__ = ["ask"]
