"""One person of the staff: signs in, takes a whole course with some wrong tries, and keeps the certificate."""

import asyncio
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.launch_day.answers import AnswerKey
from bench.launch_day.reading import Form, Page
from bench.launch_day.visitor import GaveUp, Visitor

WRONG_AT_FIRST = 0.25
WRITES = 0.5
MOST_STEPS = 3_000
SCREEN = re.compile(r"^/courses/[^/]+/[^/]+/\d+$")
QUESTION = re.compile(r"/answers/([^/]+)$")
STORY = re.compile(r"/story/([^/]+)$")
OWN_WORDS = re.compile(r"/(statements|plans|comments|reflections)/")
QUIZ = re.compile(r"/quiz$")
HAND_IN = re.compile(r"/quiz/\d+$")
CERTIFICATE = re.compile(r"^/certificates/[A-Z0-9-]+$")
CERTIFICATE_WITHIN = 300
WORDS = "I will ask how it was for them, and listen: Siân, Nguyễn, محمد, 王芳."


@dataclass
class Learner:
    """What somebody has done so far. ``tell`` hears of each part that is finished."""

    username: str
    password: str
    course: str
    key: AnswerKey
    visitor: Visitor
    chance: random.Random
    tell: Callable[[str], None]
    think: float = 0.0
    tries: dict[str, int] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)
    certificate_bytes: int = 0
    certificate_number: str = ""
    has_finished: bool = False

    async def live_the_day(self) -> None:
        """From the sign-in page to the certificate. Raises ``GaveUp`` where the site stands in the way."""
        await self._sign_in()
        await self.visitor.open("/learning")
        page = await self.visitor.open(f"/courses/{self.course}")
        for _ in range(MOST_STEPS):
            if page.path == f"/courses/{self.course}/finished":
                self.has_finished = True
                self.tell("finished")
                await self._keep_certificate(page)
                return
            if self.think:
                await asyncio.sleep(self.chance.expovariate(1 / self.think))
            page = await self._next(page)
        raise GaveUp(f"{self.username} is still at {page.path} after {MOST_STEPS} steps")

    async def _sign_in(self) -> None:
        page = await self.visitor.open("/sign-in")
        form = next(one for one in page.forms if one.method == "post")
        form.set("username", self.username)
        form.set("password", self.password)
        page = await self.visitor.send(form)
        if page.path == "/sign-in":
            raise GaveUp(f"{self.username} could not sign in: {'; '.join(page.problems)}")
        self.tell("signed in")

    async def _next(self, page: Page) -> Page:
        """Do what a page asks for next, and see what comes."""
        for form in page.forms:
            ready = form.method == "post" and self._filled_in(form)
            if ready:
                return await self.visitor.send(form)
        onward = next((form for form in page.forms if self._leads_on(form)), None)
        if onward is not None:
            self.tell("screen")
            return await self.visitor.send(onward)
        for form in page.forms:
            if QUIZ.search(form.action) or HAND_IN.search(form.action):
                return await self.visitor.send(form)
        if page.link_buttons:
            return await self.visitor.open(page.link_buttons[0])
        raise GaveUp(f"{self.username} sees no way on at {page.path}, “{page.heading}”")

    def _leads_on(self, form: Form) -> bool:
        return bool(SCREEN.search(form.action)) or form.action == f"/courses/{self.course}/begin"

    def _filled_in(self, form: Form) -> bool:
        """Whether this form is to be sent now; it is then filled in."""
        if question := QUESTION.search(form.action):
            return self._answer(form, question[1])
        if (story := STORY.search(form.action)) and form.get("move") == "choose":
            form.set("answer", self.key.best_step(story[1], form.choices["answer"]))
            place = f"{form.action} {form.get('position')}"
            is_new = place not in self.written
            self.written.add(place)
            return is_new
        if OWN_WORDS.search(form.action) and form.action not in self.written:
            self.written.add(form.action)
            if self.chance.random() > WRITES and "/statements/" not in form.action:
                return False
            return self._write(form)
        return False

    def _answer(self, form: Form, question_id: str) -> bool:
        """Once, or twice where the first try was wrong. In a quiz each sitting counts by itself."""
        tried = self.tries.get(form.action, 0)
        if tried < 0:
            return False
        is_quiz = "/quiz/" in form.action
        is_right = is_quiz or tried > 0 or self.chance.random() > WRONG_AT_FIRST
        self.key.fill(form, question_id, is_right=is_right, chance=self.chance)
        if "certainty" in form.choices:
            form.set("certainty", self.chance.choice(form.choices["certainty"]))
        self.tries[form.action] = -1 if is_right else tried + 1
        return True

    def _write(self, form: Form) -> bool:
        for name in form.words:
            form.set(name, WORDS)
        for name, offered in form.choices.items():
            form.set(name, self.chance.choice([one for one in offered if one] or offered))
        if "/plans/" in form.action:
            day = {"day": "14", "month": "12", "year": "2030"}
            for name in form.words:
                if (part := name.rpartition("-")[2]) in day:
                    form.set(name, day[part])
            if not any(name.rpartition("-")[2] in day for name in form.words):
                return False
        return True

    async def _keep_certificate(self, page: Page) -> None:
        """Wait for the certificate as the page does, download it, and look whether it can be checked."""
        for _ in range(CERTIFICATE_WITHIN):
            page = await self.visitor.open("/certificates")
            links = page.links_to("/certificates/")
            files = [one for one in links if one.partition("?")[0].endswith("/file")]
            if files:
                break
            await asyncio.sleep(1)
        else:
            raise GaveUp(f"{self.username} has no certificate after {CERTIFICATE_WITHIN} seconds")
        self.certificate_number = files[0].split("/")[2]
        kept = await self.visitor.open(files[0])
        if not kept.body.startswith(b"%PDF"):
            raise GaveUp(f"The certificate of {self.username} is no PDF")
        self.certificate_bytes = len(kept.body)
        await self.visitor.open(f"/verify/{self.certificate_number}")
        self.tell("certificate")
